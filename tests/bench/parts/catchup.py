"""Everything there is, as fast as it goes: from a log file and from Kafka, beside a bare librdkafka consumer that only
counts. The runs take turns."""
from bench import MILLION, at_least, at_most, correct, counted, noted, run_measured, summary


def one_round(bench, log, config, topic):
    yield "file", bench.replay("file", "--input", log.path)
    yield "kafka", bench.replay("kafka", "--config", config)
    bare = run_measured([bench.tools / "bare_consumer", bench.broker.address, topic])
    bare["events"] = counted(bare.pop("output"), "messages")
    yield "bare", bare


def measure(bench):
    log = bench.log(bench.sizes.visits)
    topic = bench.topic("catchup", bench.sizes.partitions, log)
    config = bench.config("catchup", bench.kafka(topic))
    runs = {"file": [], "kafka": [], "bare": []}
    for number in range(bench.sizes.rounds):
        bench.say(f"catch-up, round {number + 1}")
        for name, run in one_round(bench, log, config, topic):
            runs[name].append(run)
    result = {name: summary(of) for name, of in runs.items()}
    bench.keep("catchup", **result, runs=runs)
    faults = bench.differing_sections(f"sqlite:{bench.work}/kafka.db", log)
    if len({run["digest"] for name in ("file", "kafka") for run in runs[name]}) != 1:
        faults.append("the digests differ")
    if {run["events"] for of in runs.values() for run in of} != {log.events}:
        faults.append("the numbers of events differ")
    file, kafka, bare = result["file"], result["kafka"], result["bare"]
    return [
        at_most("Kafka catch-up, CPU per million events", kafka["cpu_s_per_million"], 1.0, "s"),
        at_most("the same by a bare librdkafka consumer's", kafka["cpu_s_per_million"] / bare["cpu_s_per_million"], 2.0, "x"),
        at_least("Kafka catch-up", kafka["events_per_s"] / MILLION, 1.5, "million events/s", 2),
        noted("Kafka catch-up, peak memory", f"{kafka['peak_mb']:.0f} MB"),
        noted("bare consumer", f"{bare['events_per_s'] / MILLION:.2f} million events/s, {bare['cpu_s_per_million']:.2f} s "
              f"per million, {bare['peak_mb']:.0f} MB"),
        at_least("replay of a file", file["events_per_s"] / MILLION, 1.5, "million events/s", 2),
        at_most("replay of a file, CPU per million events", file["cpu_s_per_million"], 0.9, "s"),
        correct("catch-up and replay", faults),
    ]
