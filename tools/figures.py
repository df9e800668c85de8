"""Publication figures from the tables of `airsplit reproduce` and `airsplit sensitivity`.

    tools/python-environment tools/figures.py
    tools/python-environment tools/figures.py fig4-deadline --tables results/paper --out figures

Each figure becomes a PDF, vectors with TrueType fonts embedded, and a PNG, as wide as one or two columns of an IEEE
journal. Bands and bars are 95 % intervals. The same tables give the same bytes.
"""

import argparse
import sys
from pathlib import Path

import matplotlib

matplotlib.use("Agg")

import matplotlib.patches
import matplotlib.pyplot as plt
import matplotlib.ticker
import pandas as pd

ONE_COLUMN, TWO_COLUMNS = 3.5, 7.16  # inches
STYLE = {
    "pdf.fonttype": 42, "ps.fonttype": 42, "font.family": "STIXGeneral", "mathtext.fontset": "stix",
    "font.size": 8, "axes.labelsize": 8, "axes.titlesize": 8, "legend.fontsize": 7, "xtick.labelsize": 7,
    "ytick.labelsize": 7, "axes.linewidth": 0.6, "lines.linewidth": 1.1, "lines.markersize": 3, "axes.grid": True,
    "grid.linewidth": 0.3, "grid.color": "0.85", "legend.frameon": False, "legend.handlelength": 2.2,
    "legend.borderaxespad": 0.3, "figure.constrained_layout.use": True, "savefig.dpi": 300,
}

# Okabe and Ito's colours, told apart by all kinds of colour vision; dashes and markers tell lines apart in print.
BLACK, ORANGE, SKY, GREEN, YELLOW, BLUE, VERMILION, PURPLE = (
    "#000000", "#E69F00", "#56B4E9", "#009E73", "#F0E442", "#0072B2", "#D55E00", "#CC79A7")
# Colours and marks are those of the SVG charts (Sources/Charts/Look.swift).
LINES = {
    "exact": (BLACK, "--", "h"), "bcd": (BLUE, "-", "o"), "bcd-value": (SKY, "--", "P"),
    "bcd restarts 10": (BLUE, "-.", "D"), "bcd-value restarts 10": (SKY, "-", "o"),
    "ep": (VERMILION, "--", "s"), "ep 0.5 W": (VERMILION, "-", "v"), "ep 1 W": (VERMILION, "--", "s"),
    "ep 2 W": (VERMILION, "-.", "d"), "nq": (GREEN, ":", "^"), "rb": (PURPLE, "-.", "D"),
    "rb among feasible": (PURPLE, "--", "h"),
    "bcd-ep 0.5 W": (VERMILION, "-", "v"), "bcd-ep 1 W": (VERMILION, "--", "s"), "bcd-ep 2 W": (VERMILION, "-.", "d"),
    "bcd-nq": (GREEN, ":", "^"), "bcd-rb": (PURPLE, "-.", "D"),
    "sflam": (BLUE, "-", "o"), "sfl": (VERMILION, "--", "s"), "sl": (GREEN, ":", "^"), "fl": (ORANGE, "-.", "v"),
    "ll": (PURPLE, (0, (1, 1)), "D"),
}
NAMES = {
    "exact": "optimum", "bcd": "BCD", "bcd-value": "BCD by value", "bcd restarts 10": "BCD, 10 starts",
    "bcd-value restarts 10": "BCD by value, 10 starts", "ep": "EP", "nq": "NQ", "rb": "RB",
    "rb among feasible": "RB, feasible ones", "bcd-nq": "NQ in BCD's loop",
    "bcd-rb": "RB in BCD's loop", "sflam": "SFLAM", "sfl": "SFL", "sl": "SL", "fl": "FL", "ll": "LL",
}


def name_of(label):
    """A policy's or framework's name as the paper writes it."""
    for prefix, suffix in (("bcd-ep ", " in BCD's loop"), ("ep ", "")):
        if label.startswith(prefix):
            return f"EP {label.removeprefix(prefix)}{suffix}"
    return NAMES.get(label, label)


class Tables:
    """The tables of a folder; every one that is asked for is a source of the figure."""

    def __init__(self, folder):
        self.folder = Path(folder)

    def read(self, name):
        path = self.folder / name
        if not path.is_file():
            raise FileNotFoundError(f"{path} is missing")
        return pd.read_csv(path)


def line(axes, rows, x, label, style=None, marked=True):
    """A mean with its band over `x`."""
    if rows.empty:
        return
    rows = rows.sort_values(x)
    # On an axis of ratios an interval that reaches 0 has no lower end: it is in the table, and not drawn.
    low = rows["ci95_low"].where(rows["ci95_low"] > 0) if axes.get_yscale() == "log" else rows["ci95_low"]
    if x in ("energy_j", "time_s") or "accuracy" in str(rows["metric"].iloc[0]):
        low = low.clip(lower=0)
        rows = rows.assign(ci95_high=rows["ci95_high"].clip(upper=1))
    colour, dashes, marker = style or LINES.get(label, (BLACK, "-", "o"))
    axes.plot(
        rows[x], rows["mean"], color=colour, linestyle=dashes, marker=marker if marked else None,
        markerfacecolor="white", markeredgewidth=0.8, label=name_of(label))
    axes.fill_between(rows[x], low, rows["ci95_high"], color=colour, alpha=0.18, linewidth=0)


def letter(panels, first=0):
    """(a), (b), … above each panel's corner."""
    for place, axes in enumerate(panels, first):
        axes.text(
            0, 1.02, f"({chr(ord('a') + place)})", transform=axes.transAxes, fontweight="bold", va="bottom", ha="left")


def legend_below(figure, axes, columns):
    handles, labels = axes.get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=columns)


def of(table, **values):
    """The rows with these values."""
    for column, value in values.items():
        table = table[table[column] == value]
    return table


def policy_panels(table, x, policies, panels, metrics):
    for axes, (metric, title) in zip(panels, metrics):
        for policy in policies:
            line(axes, of(table, policy=policy, metric=metric), x, policy)
        axes.set_ylabel(title)


ALLOCATION = [
    ("participant_energy_j", "energy of a participant (J)"), ("objective", "objective $U$ (1/J)"),
    ("participant_bits", "mean bits $q$"),
]


def fig3(tables):
    """Test accuracy against rounds and against energy, by bits."""
    table = tables.read("fig3.csv")
    accuracy = of(table, metric="test_accuracy")
    energy = of(table, metric="energy_j").set_index(["bits", "round"])["mean"]
    figure, panels = plt.subplots(1, 2, figsize=(TWO_COLUMNS, 2.4), sharey=True)
    levels = sorted(accuracy["bits"].unique())
    colours = plt.get_cmap("cividis")([index / max(1, len(levels) - 1) * 0.9 for index in range(len(levels))])
    markers = "osD^v<>x"
    for bits, colour, marker in zip(levels, colours, markers * 4):
        rows = of(accuracy, bits=bits)
        line(panels[0], rows, "round", f"{bits} bit{'s' if bits > 1 else ''}", (colour, "-", marker))
        spent = rows.assign(energy=[energy[bits, turn] for turn in rows["round"]])
        line(panels[1], spent, "energy", f"{bits} bit{'s' if bits > 1 else ''}", (colour, "-", marker))
    panels[0].set(xlabel="round", ylabel="test accuracy")
    panels[1].set(xlabel="energy of the devices (J)", xscale="log")
    letter(panels)
    legend_below(figure, panels[0], 8)
    return figure


def fig4_iterations(tables):
    """Energy and objective over the passes of BCD."""
    table = tables.read("fig4-iterations.csv")
    figure, panels = plt.subplots(1, 3, figsize=(TWO_COLUMNS, 2.2))
    deadlines = sorted(table["deadline_s"].unique())
    styles = [(VERMILION, "-", "^"), (BLUE, "--", "s"), (GREEN, ":", "o"), (PURPLE, "-.", "D"), (BLACK, "-", "x")]
    for axes, (metric, title) in zip(panels, [
        ("candidate_energy_j", "energy after P1 and P2 (J)"), ("participant_energy_j", "energy after P3 (J)"),
        ("objective", "objective $U$ (1/J)"),
    ]):
        for deadline, style in zip(deadlines, styles):
            line(axes, of(table, metric=metric, deadline_s=deadline), "pass", f"$T_{{max}}$ = {deadline:g} s", style)
        axes.set(xlabel="pass of BCD", ylabel=title)
        axes.xaxis.get_major_locator().set_params(integer=True)
    letter(panels)
    legend_below(figure, panels[0], len(deadlines))
    return figure


def deadline_figure(tables, policies, first=0):
    table = tables.read("fig4-deadline.csv")
    figure, panels = plt.subplots(1, 3, figsize=(TWO_COLUMNS, 2.4))
    policy_panels(table, "deadline_s", policies, panels, ALLOCATION)
    for axes in panels:
        axes.set_xlabel("deadline $T_{max}$ (s)")
        axes.set_ylim(bottom=0)
    letter(panels, first)
    legend_below(figure, panels[0], len(policies))
    return figure


def fig4_deadline(tables):
    """Energy, objective and bits against the deadline."""
    return deadline_figure(tables, ["exact", "bcd", "ep 0.5 W", "ep 1 W", "ep 2 W", "nq", "rb"], first=3)


def fig4_like_for_like(tables):
    """The same with the benchmarks in BCD's own loop."""
    return deadline_figure(tables, ["bcd", "bcd-ep 0.5 W", "bcd-ep 1 W", "bcd-ep 2 W", "bcd-nq", "bcd-rb"])


def fig5(tables):
    """Time and energy of a round against the number of devices."""
    table = tables.read("fig5.csv")
    curves = [
        ("fl", dict(framework="fl")), ("sl", dict(framework="sl", band="one-block")),
        ("sl, all blocks", dict(framework="sl", band="all")), ("sfl", dict(framework="sfl")),
        ("sflam, BCD", dict(framework="sflam", policy="bcd")), ("sflam, optimum", dict(framework="sflam", policy="exact")),
    ]
    styles = {
        "sl, all blocks": (GREEN, "--", "P"), "sflam, BCD": LINES["bcd"], "sflam, optimum": LINES["exact"],
    }
    figure, panels = plt.subplots(2, 3, figsize=(TWO_COLUMNS, 4.2), sharex=True)
    quantities = [("compute", "of computing"), ("uplink", "on the air"), ("", "in all")]
    shown = of(table, metric="round_time_s")
    statistic, draws = shown["statistic"].iloc[0], shown["n"].max()
    for column, (part, title) in enumerate(quantities):
        for row, (unit, name) in enumerate([("time_s", "time"), ("energy_j", "energy")]):
            axes = panels[row][column]
            metric = of(table, metric="_".join(filter(None, ["round", part, unit])))
            axes.set_yscale("log")
            for label, values in curves:
                line(axes, of(metric, **values), "devices", label, styles.get(label) or LINES[label.split(",")[0]])
            axes.set_ylim(metric["mean"].min() / 2, metric["mean"].max() * 3)
            axes.set_ylabel(f"{name} {title} ({'s' if unit == 'time_s' else 'J'})")
    for axes in panels[1]:
        axes.set_xlabel("devices $M$")
    letter(panels.T.flat)
    handles, labels = panels[0][0].get_legend_handles_labels()
    labels = [label.replace("sflam", "SFLAM").replace("sl,", "SL,") for label in labels]
    figure.legend(handles, labels, loc="outside lower center", ncols=6, title=f"{statistic}s of {draws} draws, with 95 % intervals")
    return figure


def fig6(tables):
    """Test accuracy against rounds, seconds and joules, by framework and how unevenly labels are held."""
    table = tables.read("fig6.csv")
    accuracy = of(table, metric="test_accuracy")
    alphas = sorted(accuracy["alpha"].unique())
    keys = ["alpha", "framework", "round"]
    ways = [("round", "round"), ("time_s", "simulated time (s)"), ("energy_j", "energy of the devices (J)")]
    figure, panels = plt.subplots(
        len(ways), len(alphas), figsize=(TWO_COLUMNS, 5.6), sharey=True, sharex="row", squeeze=False)
    for row, (way, title) in zip(panels, ways):
        places = of(table, metric=way)[keys + ["mean"]].rename(columns={"mean": way}) if way != "round" else None
        rows = accuracy if places is None else accuracy.merge(places, on=keys)
        for axes, alpha in zip(row, alphas):
            if way != "round":
                axes.set_xscale("log")
            # Those that others hide are drawn last.
            for framework in ["fl", "ll", "sl", "sflam", "sfl"]:
                line(axes, of(rows, alpha=alpha, framework=framework), way, framework)
            axes.set(xlabel=title, ylim=(0, 1))
            if way == "round":
                axes.set_title(f"Dirichlet $\\alpha$ = {alpha:g}")
        row[0].set_ylabel("test accuracy")
    letter(panels.flat)
    legend_below(figure, panels[0][0], 5)
    return figure


def gap(tables):
    """What BCD leaves on the table, and what closes the gap."""
    policies = ["bcd", "bcd restarts 10", "bcd-value", "bcd-value restarts 10"]
    figure, panels = plt.subplots(1, 4, figsize=(TWO_COLUMNS, 2.2))
    for axes, (name, x, title) in zip(panels, [
        ("gap-deadline.csv", "deadline_s", "deadline $T_{max}$ (s)"), ("gap-blocks.csv", "blocks", "blocks $K$"),
        ("gap-devices.csv", "devices", "devices $N$"),
    ]):
        table = of(tables.read(name), metric="optimality_gap")
        percent(table)
        for policy in policies:
            line(axes, of(table, policy=policy), x, policy)
        axes.set(xlabel=title, ylim=(0, None))
    table = of(tables.read("gap-objective.csv"), metric="optimality_gap")
    percent(table)
    objectives = list(dict.fromkeys(table["objective"]))
    deadlines = sorted(table["deadline_s"].unique())
    middle = table[table["deadline_s"] == deadlines[len(deadlines) // 2]]
    for place, policy in enumerate(policies):
        rows = of(middle, policy=policy).set_index("objective").reindex(objectives)
        colour, _, marker = LINES[policy]
        panels[3].errorbar(
            [index + (place - 1.5) * 0.15 for index in range(len(objectives))], rows["mean"],
            yerr=[rows["mean"] - rows["ci95_low"], rows["ci95_high"] - rows["mean"]], fmt=marker, color=colour,
            markerfacecolor="white", markeredgewidth=0.8, capsize=1.5, linewidth=0.8)
    panels[3].set_yscale("symlog", linthresh=1)
    panels[3].set_ylim(bottom=0)
    panels[3].set_xticks(range(len(objectives)), [text.replace("difference ", "difference\n") for text in objectives])
    panels[3].set_xlabel(f"objective, $T_{{max}}$ = {middle['deadline_s'].iloc[0]:g} s")
    panels[0].set_ylabel("gap to the optimum (%)")
    letter(panels)
    legend_below(figure, panels[0], 4)
    return figure


#: Figures that tables name as columns are named.
TITLES = {
    "objective": "objective $U$", "participants": "participants", "participant_energy_j": "energy of a participant",
    "participant_round_energy_j": "a participant's\nenergy of a round", "round_time_s": "time of a round",
    "devices_selected": "participants", "participant_bits": "mean bits",
}
UNITS = {"objective": "1/J", "participant_energy_j": "J", "round_time_s": "s"}


def percent(table):
    """Shares of a table as percents, in place."""
    for column in ("mean", "ci95_low", "ci95_high"):
        table.loc[:, column] = table[column] * 100


#: Keys as the SVG charts call them (Sources/Charts/SeriesName.swift); others lose what stands before their last dot.
KEYS = {
    "objective": "form of U", "devices.kappa": "κ of the devices", "devices.clock": "clock of the devices",
    "devices.distance": "distance", "devices.power_min": "least power", "uplink.noise_density": "density of noise",
    "quantizer.bits_min": "fewest bits", "quantizer.bits_max": "most bits", "quantizer.payload": "payload",
    "server.cores": "server cores", "training.local_epochs": "local epochs", "policies.ep.power": "power of EP",
    "policies.nq.bits": "bits of NQ",
}


def key_of(path):
    """What people call a key of a scenario."""
    return KEYS.get(path, path.rsplit(".", 1)[-1].replace("_", " "))


def ends_of_ranges(rows):
    """By parameter that moves a figure, the furthest last, the rows at the ends of its range.

    The ends are the values that take the figure furthest down and up, in the range's order, as in the SVG.
    """
    base = rows["base"].iloc[0]
    bars = []
    for parameter in dict.fromkeys(rows["parameter"]):
        own = of(rows, parameter=parameter).reset_index(drop=True)
        ends = own.loc[sorted({own["effect"].idxmin(), own["effect"].idxmax()})]
        reach = [base, *ends["changed"]]
        if max(reach) > min(reach):
            bars.append((parameter, ends, max(reach) / min(reach) if min(reach) > 0 else float("inf")))
    return sorted(reversed(bars), key=lambda bar: bar[2])


def sensitivity(tables):
    """What one assumed parameter after another does to a figure: a tornado each."""
    table = tables.read("sensitivity.csv").dropna(subset=["effect"])
    figures = list(dict.fromkeys(table["figure"]))[:3]
    bars = {name: ends_of_ranges(of(table, figure=name))[-12:] for name in figures}
    most = max(len(own) for own in bars.values())
    figure, panels = plt.subplots(1, len(figures), figsize=(TWO_COLUMNS, 3.2), squeeze=False)
    colours = [(BLUE, ""), (VERMILION, "//////")]
    for axes, name in zip(panels[0], figures):
        base = of(table, figure=name)["base"].iloc[0]
        values = [base]
        for place, (_, ends, _) in enumerate(bars[name], most - len(bars[name])):
            # Both ends may lie on the same side; each then has half of the row.
            halved = len(ends) == 2 and ends["effect"].prod() > 0
            for end, ((_, row), (colour, hatch)) in enumerate(zip(ends.iterrows(), colours)):
                shift, height = ((0.19 if end == 0 else -0.19), 0.36) if halved else (0, 0.72)
                axes.barh(
                    place + shift, row["changed"] - base, left=base, height=height, color=colour, hatch=hatch,
                    edgecolor="white", linewidth=0)
                values += [row["changed"]]
                interval = [base + row["ci95_low"], base + row["ci95_high"]]
                axes.plot(interval, [place + shift] * 2, color=BLACK, linewidth=0.8)
        if min(values) > 0 and max(values) > 10 * min(values):
            axes.set_xscale("log")
            axes.xaxis.set_major_locator(matplotlib.ticker.LogLocator(subs=(1, 3)))
            axes.xaxis.set_major_formatter("{x:g}")
            axes.xaxis.set_minor_formatter(matplotlib.ticker.NullFormatter())
        axes.set_yticks(range(most - len(bars[name]), most), [key_of(bar[0]) for bar in bars[name]], fontsize=6.5)
        axes.set_ylim(-0.6, most - 0.4)
        axes.axvline(base, color=BLACK, linewidth=0.8)
        axes.use_sticky_edges = False
        unit = UNITS.get(name, "")
        axes.set(xlabel=TITLES.get(name, name.replace("_", " ")) + (f" ({unit})" if unit else ""))
        axes.grid(axis="y", visible=False)
    letter(panels[0])
    keys = [
        matplotlib.patches.Patch(facecolor=colour, hatch=hatch, edgecolor="white", linewidth=0, label=label)
        for (colour, hatch), label in zip(colours, ["at the lower end of its range", "at the upper end"])]
    figure.legend(handles=keys, loc="outside lower center", ncols=2)
    return figure


#: Factors as people call them.
FACTORS = {
    "policies.restricted.power": "power", "policies.restricted.bits": "bits",
    "policies.restricted.matching": "blocks matched", "devices.clock.optimise": "clock",
}
LEVELS = {"false": "given", "true": "chosen", "random-feasible": "at random", "value": "by value"}


def factor_of(path):
    """What people call a factor."""
    return FACTORS.get(path, path.rsplit(".", 1)[-1].replace("_", " "))


def level_of(level):
    """What people call a level of a factor."""
    text = str(level).lower() if str(level).lower() in LEVELS else str(level)
    return LEVELS.get(text, NAMES.get(text, text))


def factorial(tables):
    """What each factor saves, as ratios."""
    table = tables.read("factorial.csv")
    table = table[table["with"].isna()]
    table = table.assign(step=[
        f"{factor_of(row['factor'])}: {level_of(row['from'])} to {level_of(row['to'])}" for _, row in table.iterrows()])
    metrics = list(dict.fromkeys(table["metric"]))
    steps = list(dict.fromkeys(table["step"]))[::-1]
    figure, panels = plt.subplots(
        1, len(metrics), figsize=(TWO_COLUMNS, 0.8 + 0.16 * len(steps)), sharey=True, squeeze=False)
    for axes, metric in zip(panels[0], metrics):
        rows = of(table, metric=metric)
        axes.errorbar(
            rows["ratio"], [steps.index(step) for step in rows["step"]],
            xerr=[rows["ratio"] - rows["ci95_low"], rows["ci95_high"] - rows["ratio"]], fmt="o", color=BLUE,
            markerfacecolor="white", markeredgewidth=0.8, capsize=1.5, linewidth=0.8)
        axes.axvline(1, color=BLACK, linewidth=0.6)
        if rows["ratio"].max() > 3 * rows["ratio"].min():
            axes.set_xscale("log")
        axes.set_yticks(range(len(steps)), steps, fontsize=6)
        axes.set_xlabel(f"ratio of\n{TITLES.get(metric, metric)}")
    return figure


def fairness(tables):
    """How evenly devices take part, against energy and objective: a column per number of blocks, filled marks at the
    longest deadline."""
    table = tables.read("fairness.csv")
    key = "policy" if "policy" in table else table.columns[0]
    blocks = sorted(table["blocks"].unique()) if "blocks" in table else [None]
    deadlines = sorted(table["deadline_s"].unique()) if "deadline_s" in table else [None]
    rows_of = [
        ("step_energy_per_participant_j", "energy of a\nparticipant (J)"), ("objective", "objective $U$ (1/J)"),
    ]
    figure, panels = plt.subplots(
        2, len(blocks), figsize=(TWO_COLUMNS, 3.8), sharex=True, sharey="row", squeeze=False)
    fills = ["white", "0.75", None]
    for column, count in enumerate(blocks):
        for axes, (metric, title) in zip(panels[:, column], rows_of):
            own = table if count is None else of(table, blocks=count)
            for place, label in enumerate(dict.fromkeys(table[key])):
                colour, _, marker = LINES.get(
                    label, ([SKY, GREEN, VERMILION, PURPLE, YELLOW][place % 5], "", "osD^v<>"[place % 7]))
                line_of = of(own, **{key: label})
                line_of = line_of.sort_values("deadline_s") if "deadline_s" in own else line_of
                axes.plot(line_of["participation_jain"], line_of[metric], color=colour, linewidth=0.7, zorder=1)
                for fill, deadline in zip(fills[-len(deadlines):], deadlines):
                    rows = line_of if deadline is None else of(line_of, deadline_s=deadline)
                    if rows.empty:
                        continue
                    low, high = rows[f"{metric}_ci95_low"], rows[f"{metric}_ci95_high"]
                    axes.errorbar(
                        rows["participation_jain"], rows[metric], yerr=[rows[metric] - low, high - rows[metric]],
                        fmt=marker, color=colour, markerfacecolor=fill or colour, markeredgewidth=0.8, linewidth=0.7,
                        label=name_of(str(label)) if deadline == deadlines[-1] else None)
            if column == 0:
                axes.set_ylabel(title)
        if count is not None:
            panels[0][column].set_title(f"{count} block{'s' if count > 1 else ''}")
        panels[1][column].set_xlabel("Jain's index of participation")
    for row in panels:
        row[0].set_ylim(bottom=0)
    letter(panels.flat)
    handles, labels = panels[0][-1].get_legend_handles_labels()
    shown = [f"{deadline:g} s" for deadline in deadlines if deadline is not None]
    marks = f"deadlines of {', '.join(shown)}: open, grey and filled marks" if len(shown) == 3 else None
    figure.legend(handles, labels, loc="outside lower center", ncols=7, title=marks)
    return figure


FIGURES = {
    "fig3": fig3, "fig4-iterations": fig4_iterations, "fig4-deadline": fig4_deadline,
    "fig4-like-for-like": fig4_like_for_like, "fig5": fig5, "fig6": fig6, "gap": gap, "sensitivity": sensitivity,
    "factorial": factorial, "fairness": fairness,
}


def draw(name, tables, folder):
    """Draws a figure; its two files."""
    with plt.rc_context(STYLE):
        figure = FIGURES[name](Tables(tables))
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        files = [folder / f"{name}.pdf", folder / f"{name}.png"]
        # Neither the day nor the version of matplotlib: the same tables give the same bytes.
        figure.savefig(files[0], metadata={"CreationDate": None, "Producer": None, "Creator": None})
        figure.savefig(files[1], metadata={"Software": None})
        plt.close(figure)
    return files


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("names", nargs="*", metavar="figure", help=f"of {', '.join(FIGURES)}; all unless given")
    parser.add_argument("--tables", default="results/paper", help="the folder with the tables")
    parser.add_argument("--out", help="the folder for the figures; 'figures' beside the tables unless given")
    options = parser.parse_args(arguments)
    for name in options.names:
        if name not in FIGURES:
            parser.error(f"there is no figure '{name}'; there are {', '.join(FIGURES)}")
    drawn = 0
    for name in options.names or FIGURES:
        try:
            for file in draw(name, options.tables, options.out or Path(options.tables) / "figures"):
                print(file)
            drawn += 1
        except FileNotFoundError as error:
            if options.names:
                print(f"error: {name}: {error}", file=sys.stderr)
                return 2
            print(f"note: {name} is left out: {error}", file=sys.stderr)
        except (KeyError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
            print(f"error: {name}: a table is damaged: {error}", file=sys.stderr)
            return 2
    if not drawn:
        print(f"error: {options.tables} has no table to draw; 'airsplit reproduce all' makes them", file=sys.stderr)
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
