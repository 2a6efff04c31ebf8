"""What a page of /metrics says."""


def series_of(page):
    """Name with labels -> value, of a page in Prometheus' text format."""
    values = {}
    for line in page.splitlines():
        if line and not line.startswith("#"):
            name, _, value = line.rpartition(" ")
            values[name] = float(value)
    return values


def total(values, family):
    """Sum over all series of a family."""
    return sum(value for name, value in values.items() if name.split("{")[0] == family)


def balance(values):
    """(received, applied + duplicate + rejected + skipped, its parts) of a page of metrics."""
    parts = {word: int(total(values, f"floorwatch_events_{word}_total"))
             for word in ("applied", "duplicate", "rejected", "skipped")}
    return int(total(values, "floorwatch_events_received_total")), sum(parts.values()), parts


def buckets(values, family):
    """[(upper bound, count at or below it)], ascending, of a histogram without labels."""
    prefix = family + '_bucket{le="'
    bounds = [(float(name[len(prefix):-2]), count) for name, count in values.items() if name.startswith(prefix)]
    return sorted(bounds)


def quantile(before, after, share):
    """The bound below which `share` of what came between two states of buckets() lies; None if nothing came."""
    earlier = dict(before)
    counts = [(bound, count - earlier.get(bound, 0)) for bound, count in after]
    if not counts or counts[-1][1] == 0:
        return None
    return next(bound for bound, count in counts if count >= share * counts[-1][1])
