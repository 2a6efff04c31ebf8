#!/bin/sh
# Copies the jars of the test broker into a directory (default: build/kafka of the project), once.
# Usage: fetch.sh [DIRECTORY]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
target=${1:-${FLOORWATCH_KAFKA_LIBS:-$here/../../../build/kafka}}
stamp=$target/.complete
if [ -f "$stamp" ] && cmp -s "$here/pom.xml" "$stamp"; then
  exit 0
fi
mkdir -p "$target"
mvn --batch-mode --quiet --file "$here/pom.xml" dependency:copy-dependencies \
    -DincludeScope=runtime -DoutputDirectory="$(cd "$target" && pwd)"
cp "$here/pom.xml" "$stamp"
