"""The board of floorwatch itself: is it up to date, what comes in, what does it cost."""
from model import NONE_IS_GOOD, board, labels, lines, stat

INSTANCE = labels("instance", "Instance", "floorwatch_build_info", "instance", everything=None)
SOURCE = labels("source", "Source", 'floorwatch_events_received_total{instance=~"$instance"}', "source")

OF = 'instance=~"$instance"'
OF_SOURCE = OF + ',source=~"$source"'


def own(metric, of=OF):
    return f"{metric}{{{of}}}"


def a_second(metric, of=OF):
    return f"rate({metric}{{{of}}}[$__rate_interval])"


def quantile(q, metric):
    # Over five minutes: commits and requests are few, and a quantile of nothing is no number.
    return (f"histogram_quantile({q}, sum by (le, instance) (rate({metric}_bucket{{{OF}}}[5m])))", f"p{round(q * 100)} " + "{{instance}}")


def events():
    received = "floorwatch_events_received_total"
    kinds = ["applied", "duplicate", "rejected", "skipped", "late", "conflict"]
    # Nothing rejected: no series, and the line of 0 says so.
    rejected = f"sum by (source, reason) ({a_second('floorwatch_events_rejected_total', OF_SOURCE)}) or vector(0)"
    return [
        (10, lines("Events a second", "Received = applied + duplicate + rejected + skipped, always; late and conflict are told beside.",
                   [(f"sum ({a_second(received, OF_SOURCE)})", "received")]
                   + [(f"sum ({a_second(f'floorwatch_events_{kind}_total', OF_SOURCE)}) or vector(0)", kind) for kind in kinds], "eps")),
        (7, lines("Rejected a second, by reason", "Dead letters: messages that were not understood. `floorwatch dead-letters` lists them.",
                  [(rejected, "{{source}} {{reason}}")], "eps", stacked=True)),
        (7, lines("Not read yet", "The lag of each source: messages of Kafka, bytes of a file.",
                  [(own("floorwatch_consumer_lag_events", OF_SOURCE), "{{source}}")])),
    ]


def timeliness():
    return [
        (8, lines("Age of the figures", "How far the event time of the figures, and each source's watermark, is behind the clock. A source that stands "
                  "still holds the figures back.",
                  [(f"time() - {own('floorwatch_as_of_timestamp_seconds')}", "figures {{instance}}"),
                   (f"time() - {own('floorwatch_watermark_timestamp_seconds', OF_SOURCE)}", "watermark {{source}}")], "s")),
        (8, lines("Commits", "How long a commit to the store took, and how old the last one is.",
                  [quantile(0.5, "floorwatch_commit_seconds"), quantile(0.99, "floorwatch_commit_seconds"),
                   (f"time() - {own('floorwatch_last_commit_timestamp_seconds')}", "age of the last {{instance}}")], "s", dashed=[2])),
        (8, lines("Pauses of the flow", "How long events stood still between two batches, for readers, clocks and commits; dashed: the share of time.",
                  [quantile(0.5, "floorwatch_flow_pause_seconds"), quantile(0.99, "floorwatch_flow_pause_seconds"),
                   (a_second("floorwatch_flow_pause_seconds_sum"), "share {{instance}}")], "s", dashed=[2])),
    ]


def costs():
    return [
        (6, lines("HTTP requests a second", "Answered requests, by path and status.",
                  [(f"sum by (path, code) ({a_second('floorwatch_http_requests_total')})", "{{path}} {{code}}")], "reqps")),
        (6, lines("Time of a request", "From a request's last byte to its answer's last byte.",
                  [quantile(0.5, "floorwatch_http_request_seconds"), quantile(0.99, "floorwatch_http_request_seconds")], "s")),
        (6, lines("Memory", "What the process has in memory.", [(own("process_resident_memory_bytes"), "{{instance}}")], "bytes")),
        (6, lines("CPU", "Cores in use.", [(a_second("process_cpu_seconds_total"), "{{instance}}")])),
    ]


def limits():
    return [
        (6, lines("Alerts not taken yet", "What receivers of alerts have not taken: it is told again until they do; `floorwatch rules` alerts beyond "
                  "5 minutes.", [(own("floorwatch_alert_messages_waiting"), "{{channel}}")])),
        (6, lines("Open files", "Open file descriptors; dashed: how many there may be.",
                  [(own("process_open_fds"), "{{instance}}"), (own("process_max_fds"), "limit {{instance}}")], dashed=[1])),
        (6, lines("Series that were refused", "Series beyond `metrics.max_series`: they are not on /metrics.",
                  [(own("floorwatch_series_refused_total"), "{{instance}}")])),
        (6, lines("Counters that hold", "After a correction downwards a counter keeps its value until the true one has passed it; this is the gap. "
                  "0 where none holds.", [(f"{own('floorwatch_counter_held')} or vector(0)", "{{metric}}")])),
    ]


def itself(source_uid):
    age = f"max(time() - {own('floorwatch_as_of_timestamp_seconds')})"
    commit = f"max(time() - {own('floorwatch_last_commit_timestamp_seconds')})"
    rejected = f"sum(increase({own('floorwatch_events_rejected_total', OF_SOURCE)}[$__range])) or vector(0)"
    stats = [
        (4, stat("Version", "What runs.", own("floorwatch_build_info"), legend="{{version}}", text="name")),
        (4, stat("Up for", "Since the process began.", f"time() - max({own('process_start_time_seconds')})", "s")),
        (4, stat("Age of the figures", "How far the figures are behind the clock; `floorwatch rules` alerts beyond 2 minutes.", age, "s", decimals=1)),
        (4, stat("Age of the last commit", "When the store was last written; `floorwatch rules` alerts beyond 30 s.", commit, "s", decimals=1)),
        (4, stat("Rejected", "Dead letters in the time that the board shows.", rejected, levels=NONE_IS_GOOD, decimals=0)),
        (4, stat("Dead letters dropped", "Dead letters that are no longer kept, by age or size.",
                 f"sum({own('floorwatch_dead_letters_dropped_total')})", decimals=0)),
    ]
    return board("floorwatch-itself", "floorwatch itself", "Is floorwatch up to date, what comes in, and what does it cost?", [INSTANCE, SOURCE],
                 [(4, stats), (9, events()), (9, timeliness()), (9, costs()), (8, limits())], source_uid, since="now-1h")
