"""What an event costs as the work grows: CPU per event of the larger sizes by that of the smallest.

Each dimension has about the same number of events at every size, so that the start of the program weighs the same.
Rounds take turns over the sizes; of each the one with the least CPU counts.
"""
from bench import MILLION, at_most, correct, noted, summary

MOST = 1.5


def compare(bench, dimension, loads):
    """Rows of one dimension. `loads`: size -> (log, words of replay)."""
    runs = {size: [] for size in loads}
    for number in range(bench.sizes.rounds):
        bench.say(f"scaling, {dimension}, round {number + 1}")
        for size, (_, words) in loads.items():
            runs[size].append(bench.replay(f"scaling-{size}", *words))
    faults = []
    for size, (log, _) in loads.items():
        if len({run["digest"] for run in runs[size]}) != 1:
            faults.append(f"{size}: the digests differ")
        wrong = bench.differing_sections(f"sqlite:{bench.work}/scaling-{size}.db", log, only="by=queue every=total")
        faults += [f"{size}: {section}" for section in wrong]
    cost = {size: summary(of)["cpu_s_per_million"] for size, of in runs.items()}
    smallest = next(iter(cost.values()))
    worst = max(cost.values()) / smallest
    bench.keep("scaling", **{dimension: {str(size): {"cpu_s_per_million": cost[size], "runs": runs[size]} for size in runs}})
    sizes = list(cost)
    return [
        at_most(f"{dimension}, {sizes[0]:,} -> {sizes[-1]:,}, CPU per event", worst, MOST, "x"),
        noted(f"{dimension}", ", ".join(f"{size:,}: {cost[size]:.2f}" for size in sizes) + " s per million"),
        correct(f"figures by {dimension}", faults),
    ]


def by_log(bench, dimension, logs):
    rows = compare(bench, dimension, {size: (log, ["--input", log.path]) for size, log in logs.items()})
    for log in logs.values():
        bench.forget(log)
    return rows


def queues(bench):
    return by_log(bench, "queues", {n: bench.log(bench.sizes.scaling_visits, queues=n) for n in (10, 100, 1_000, 10_000)})


def visits_a_day(bench):
    visits = bench.sizes.scaling_visits
    return by_log(bench, "visits a day",
                  {n: bench.log(visits, hours=24 * visits / n) for n in (10_000, 100_000, MILLION)})


def partitions(bench):
    log = bench.log(bench.sizes.scaling_visits)
    loads = {}
    for n in (1, 8, 64):
        topic = bench.topic(f"partitions-{n}", n, log)
        loads[n] = (log, ["--config", bench.config(topic, bench.kafka(topic))])
    rows = compare(bench, "partitions", loads)
    if len({run["digest"] for size in bench.details["scaling"]["partitions"].values() for run in size["runs"]}) != 1:
        rows.append(correct("state by partitions", ["the digests differ"]))
    return rows


def measure(bench):
    return [*queues(bench), *visits_a_day(bench), *partitions(bench),
            noted("windows, 1 -> 8", "no event pays for a window: all are sums of the same slices, made when they are read")]
