#!/usr/bin/env python3
"""The arithmetic of the soak: a run of half an hour must not end in a wrong verdict."""
import math
import unittest

import trend


class LeastSquares(unittest.TestCase):
    def test_a_straight_line_has_its_slope_and_no_error(self):
        slope, error = trend.least_squares([(0, 1), (1, 3), (2, 5), (3, 7)])
        self.assertAlmostEqual(slope, 2)
        self.assertAlmostEqual(error, 0)

    def test_the_error_is_that_of_the_textbook(self):
        slope, error = trend.least_squares([(0, 0), (1, 3), (2, 0), (3, 3)])
        self.assertAlmostEqual(slope, 0.6)
        self.assertAlmostEqual(error, math.sqrt(7.2 / 2 / 5))

    def test_too_few_points_say_nothing(self):
        self.assertEqual(trend.least_squares([(0, 1), (1, 2)]), (0.0, math.inf))
        self.assertEqual(trend.least_squares([(1, 1), (1, 2), (1, 3)]), (0.0, math.inf))


if __name__ == "__main__":
    unittest.main()
