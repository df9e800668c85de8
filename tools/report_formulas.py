"""Formulas of TR 38.901 as the package tr3gpp has them, in LaTeX, evaluated: no constant of them is written here."""

import math
import re

FUNCTIONS = {
    "log10": math.log10, "ln": math.log, "exp": math.exp, "min": min, "max": max, "pi": math.pi,
}
# A token: a number, a name with its index, or a sign.
TOKEN = re.compile(r"\d+\.?\d*|[A-Za-z][A-Za-z0-9_]*|\*\*|[-+*/(),]")


def plain(latex):
    """LaTeX arithmetic as Python's: names keep their index, and products get their sign."""
    text = latex
    text = text.replace(r"\left", "").replace(r"\right", "").replace("[", "(").replace("]", ")").replace(r"\,", "")
    text = re.sub(r"\\d?frac\{((?:[^{}]|\{[^{}]*\})*)\}\{((?:[^{}]|\{[^{}]*\})*)\}", r"((\1)/(\2))", text)
    text = text.replace(r"\log_{10}", "log10").replace(r"\ln", "ln").replace(r"\exp", "exp")
    text = text.replace(r"\min", "min").replace(r"\max", "max").replace(r"\pi", " pi ").replace(r"\cdot", "*")
    text = text.replace("C'(h_{UT})", "C_prime").replace("d'_{BP}", "d_BP").replace("PL'", "PL_prime")
    text = re.sub(r"_\{([^{}]*)\}", lambda found: "_" + re.sub(r"[^A-Za-z0-9]", "", found[1]), text)
    text = re.sub(r"\^\{([^{}]*)\}", r"**(\1)", text)
    text = re.sub(r"\^([\d.]+)", r"**\1", text)
    tokens, result = TOKEN.findall(text), []
    left = re.sub(r"\s", "", TOKEN.sub("", text))
    if left:
        raise ValueError(f"'{left}' is not understood in {latex}")
    for before, token in zip([""] + tokens, tokens):
        is_value = before == ")" or before and before not in FUNCTIONS and (before[0].isalnum())
        is_call = token == "(" and before.startswith("PL_")
        if (is_value or before == "pi") and not is_call and (token == "(" or token[0].isalnum()):
            result.append("*")
        result.append(token)
    return "".join(result)


def definitions(formula):
    """What a formula defines, by name: a list of (expression, condition), as LaTeX."""
    found = {}
    for part in re.split(r";\s*\\quad\s*", formula):
        constants = re.findall(r"(\w_\{\w+\})=([\d.]+)(m|\\%)((?:/[\d.]+\\%)*)", part)
        if constants:
            for name, value, unit, others in constants:
                # Of several shares, the second: sparse vegetation.
                value = others.split("/")[1].removesuffix(r"\%") if others else value
                found[plain(name)] = [(value if unit == "m" else f"{float(value) / 100}", "")]
            continue
        name, expression = part.split("=", 1)
        if inverse := re.fullmatch(r"\\dfrac\{1\}\{(k_\{\w+\})\}", name.strip()):
            found[plain(inverse[1])] = [(f"({expression})^{{-1}}", "")]
            continue
        name = plain(name.strip()) if "PL" in name or "C'" in name else name.strip()
        expression = expression.strip().rstrip(";").removesuffix(", \\text{ for } 10m \\le d_{2D} \\le 5km").strip()
        cases = re.fullmatch(r"\\begin\{cases\}(.*)\\end\{cases\}", expression, re.DOTALL)
        rows = [row.split("&") for row in re.split(r"\\\\", cases[1])] if cases else [[expression, ""]]
        found[name] = [(value.strip(), condition.strip()) for value, condition in rows]
    return found


def number(text, values):
    """One side of a condition: a length with its unit, or a name."""
    text = text.strip()
    if length := re.fullmatch(r"([\d.]+)\s*(k?)m", text):
        return float(length[1]) * (1000 if length[2] else 1)
    return eval(plain(text), {"__builtins__": {}}, FUNCTIONS | values)


def holds(condition, values):
    """Whether `10m \\le d_{2D} \\le d_{BP}` holds; an empty condition does. Ends count as inside."""
    if not condition:
        return True
    if ">" in condition:
        return not holds(condition.replace(">", r"\le"), values)
    sides = re.split(r"\\le|<", condition)
    return all(number(a, values) <= number(b, values) for a, b in zip(sides, sides[1:]))


def evaluate(formula, values):
    """The first name that a formula defines, with values by name. A function of a distance, as PL_1(d_{BP}), takes it as d_3D."""
    found = definitions(formula)

    def value_of(name, known):
        for expression, condition in found[name]:
            if holds(condition, known):
                return compute(expression, known)
        raise ValueError(f"no case of {name} holds in {formula}")

    class Lazy(dict):
        def __missing__(self, name):
            if name in found:
                value = value_of(name, values)
                return Callable(value, lambda distance: value_of(name, values | {"d_3D": distance}))
            raise KeyError(name)

    class Callable(float):
        def __new__(cls, value, function):
            self = super().__new__(cls, value)
            self.function = function
            return self

        def __call__(self, distance):
            return self.function(distance)

    def compute(expression, known):
        names = Lazy(FUNCTIONS | known)
        return float(eval(plain(expression), {"__builtins__": {}}, names))

    return value_of(next(iter(found)), values)
