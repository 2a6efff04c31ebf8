"""What samples of a long run say: whether something grows, and by how much."""
import math


def least_squares(points):
    """Slope per unit of x of (x, y) points and its standard error; (0, infinity) for fewer than three points.

    The error takes the points for independent. Neighbouring samples of memory are not, so it is rather too small.
    """
    if len(points) < 3:
        return 0.0, math.inf
    mean_x = sum(x for x, _ in points) / len(points)
    mean_y = sum(y for _, y in points) / len(points)
    spread = sum((x - mean_x) ** 2 for x, _ in points)
    if spread == 0:
        return 0.0, math.inf
    slope = sum((x - mean_x) * (y - mean_y) for x, y in points) / spread
    rest = sum((y - mean_y - slope * (x - mean_x)) ** 2 for x, y in points)
    return slope, math.sqrt(rest / (len(points) - 2) / spread)


def table(samples, columns):
    """A line for each column: first, median, greatest and last value, and the slope per hour with its error."""
    lines = [f"{'':16}{'first':>10}{'median':>10}{'greatest':>10}{'last':>10}{'per hour':>12}{'+-':>8}"]
    for column in columns:
        values = [sample[column] for sample in samples]
        slope, error = least_squares([(sample["hours"], sample[column]) for sample in samples])
        lines.append(f"{column:16}{values[0]:>10.1f}{sorted(values)[len(values) // 2]:>10.1f}{max(values):>10.1f}"
                     f"{values[-1]:>10.1f}{slope:>12.1f}{error:>8.1f}")
    return "\n".join(lines)
