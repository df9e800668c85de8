"""Formulas in LaTeX are evaluated as they stand, or refused."""

import math
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from report_formulas import evaluate  # noqa: E402


class ReportFormulas(unittest.TestCase):
    def test_products_powers_and_functions(self):
        known = {"d_3D": 100.0, "f_c": 2.0, "h": 4.0}
        self.assertAlmostEqual(evaluate(r"X = 3 + 2\log_{10}(d_{3D}) - 0.5(h/2)^2", known), 5)
        self.assertAlmostEqual(evaluate(r"X = 20\pi d_{3D} f_c/4", known), 1000 * math.pi)
        self.assertAlmostEqual(evaluate(r"X = \min(0.5h^{1.5},10) \cdot 10^{-h/4}", known), 0.4)

    def test_cases_and_what_they_name(self):
        text = (r"P = \begin{cases} P_1 & d_{2D} \le 10m \\ P_2 & 10m < d_{2D} \end{cases}; \quad P_1 = 2 d_{2D}; "
                r"\quad P_2 = \exp\left(-\dfrac{d_{2D}}{1000}\right)")
        self.assertEqual(evaluate(text, {"d_2D": 5.0}), 10)
        self.assertAlmostEqual(evaluate(text, {"d_2D": 1000.0}), math.exp(-1))

    def test_a_function_of_a_distance(self):
        text = r"PL_2 = PL_1(d_{BP}) + 40; \quad PL_1 = 3 d_{3D}"
        self.assertEqual(evaluate(text, {"d_3D": 7.0, "d_BP": 2.0}), 46)

    def test_what_is_not_understood(self):
        with self.assertRaises(ValueError):
            evaluate(r"X = \sum_n 3", {})
        with self.assertRaises(NameError):
            evaluate(r"X = 3 y", {})


if __name__ == "__main__":
    unittest.main()
