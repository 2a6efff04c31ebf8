#!/usr/bin/env python3
"""What is read off /metrics: a long measurement must not end in a wrong verdict."""
import math
import unittest

import metrics_page


class Metrics(unittest.TestCase):
    PAGE = """# TYPE floorwatch_events_received_total counter
floorwatch_events_received_total{source="a b"} 10
floorwatch_events_applied_total{source="a b"} 6
floorwatch_events_duplicate_total{source="a b"} 1
floorwatch_events_rejected_total{source="a b",reason="not_json"} 1
floorwatch_events_rejected_total{source="a b",reason="envelope"} 2
floorwatch_events_skipped_total{source="a b"} 0
"""

    def test_the_balance_adds_up_all_series(self):
        received, accounted, parts = metrics_page.balance(metrics_page.series_of(self.PAGE))
        self.assertEqual((received, accounted), (10, 10))
        self.assertEqual(parts["rejected"], 3)


class Buckets(unittest.TestCase):
    PAGE = """floorwatch_pause_seconds_bucket{le="0.01"} 5
floorwatch_pause_seconds_bucket{le="+Inf"} 10
floorwatch_pause_seconds_bucket{le="0.5"} 9
floorwatch_pause_seconds_count 10
floorwatch_pause_seconds_sum 7
"""

    def setUp(self):
        self.buckets = metrics_page.buckets(metrics_page.series_of(self.PAGE), "floorwatch_pause_seconds")

    def test_they_ascend(self):
        self.assertEqual(self.buckets, [(0.01, 5), (0.5, 9), (math.inf, 10)])

    def test_a_quantile_is_of_what_came_between(self):
        self.assertEqual(metrics_page.quantile([], self.buckets, 0.5), 0.01)
        self.assertEqual(metrics_page.quantile([], self.buckets, 0.51), 0.5)
        self.assertEqual(metrics_page.quantile([(0.01, 5), (0.5, 5), (math.inf, 6)], self.buckets, 0.999), 0.5)

    def test_nothing_between_has_none(self):
        self.assertIsNone(metrics_page.quantile(self.buckets, self.buckets, 0.5))


if __name__ == "__main__":
    unittest.main()
