"""Catch-up with a small queue in librdkafka against one without a limit: how much of the speed is left."""
from bench import at_least, correct, noted, summary

SMALL_KB, UNLIMITED_KB = 32 * 1024, 2_097_151  # the latter is all that librdkafka allows


def measure(bench):
    log = bench.log(bench.sizes.visits)
    topic = bench.topic("catchup", bench.sizes.partitions, log)
    configs = {
        "small": bench.config("queue-small", bench.kafka(topic, queued_max_messages_kbytes=SMALL_KB)),
        "unlimited": bench.config("queue-unlimited", bench.kafka(topic, queued_max_messages_kbytes=UNLIMITED_KB,
                                                                 queued_min_messages=10_000_000)),
    }
    runs = {name: [] for name in configs}
    for number in range(bench.sizes.rounds):
        bench.say(f"queue, round {number + 1}")
        for name, config in configs.items():
            runs[name].append(bench.replay(f"queue-{name}", "--config", config))
    result = {name: summary(of) for name, of in runs.items()}
    bench.keep("queue", **result, runs=runs)
    speed = {name: s["events_per_s"] / 1e6 for name, s in result.items()}
    faults = [] if len({run["digest"] for of in runs.values() for run in of}) == 1 else ["the digests differ"]
    faults += bench.differing_sections(f"sqlite:{bench.work}/queue-small.db", log, only="by=queue every=total")
    return [
        at_least("catch-up with a 32 MB queue, of that with an unlimited one", 100 * speed["small"] / speed["unlimited"], 80, "%"),
        noted("catch-up by queue", ", ".join(f"{name} {speed[name]:.2f} million events/s in {result[name]['peak_mb']:.0f} MB"
                                             for name in configs)),
        correct("catch-up with both queues", faults),
    ]
