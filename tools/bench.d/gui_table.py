# SPDX-License-Identifier: Apache-2.0
"""The table of tools/bench gui, from what it has measured (its results.json)."""
import math
import statistics

LINK_MEGABITS = 100  # of the goal for planets that are far away
LINK_BYTES_PER_MS = LINK_MEGABITS * 1e6 / 8 / 1000


def quantile(samples, share):
    """The smallest sample that at least this share of them does not exceed."""
    ordered = sorted(samples)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def median(samples):
    return statistics.median(samples)


def row(what, value, unit, goal=None, beside=""):
    """A line of the table; `goal` is the most that is wanted."""
    number = f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"
    wanted = "" if goal is None else f"goal {goal:g}: {'met' if value <= goal else 'MISSED'}"
    return f"{what:<66}{number:>11} {unit:<8}{wanted:<18}{beside}".rstrip()


def window_rows(said):
    start, plot, local, far = said["start"], said["replot"], said["planets"]["local"], said["planets"]["ssh"]
    most = max(local["sizes"]) / LINK_BYTES_PER_MS
    opening = lambda planets: planets["open"][1:]  # noqa: E731: the first one makes the OpenGL context
    return [
        row("start to first picture, files not in the page cache", median(start["first_ms"]), "ms", 1000,
            f"longest {max(start['first_ms']):.0f}"),
        row("start to first picture, again", median(start["again_ms"]), "ms", 1000, f"longest {max(start['again_ms']):.0f}"),
        row("memory, idle", median(start["idle_bytes"]) / 1e6, "MB"),
        row(f"memory after {said['opened']} planets, one after another (all are kept)", local["opened_bytes"] / 1e6, "MB", 500,
            f"the same window before: {local['idle_bytes'] / 1e6:.0f} MB"),
        row("planet to picture, the first of a window", local["open"][0], "ms", None, f"through ssh {far['open'][0]:.0f}"),
        row("planet to picture", median(opening(local)), "ms", 100, f"p99 {quantile(opening(local), 0.99):.0f}"),
        row("planet to picture, one that the window has", median(local["again"]), "ms", None, f"through ssh {median(far['again']):.0f}"),
        row("planet to picture, through ssh on the loopback", median(opening(far)), "ms", 1000,
            f"p99 {quantile(opening(far), 0.99):.0f}; {LINK_MEGABITS} Mbit/s would add {most:.0f} ms (by the bytes)"),
        row(f"replot of {said['curves']} x {said['points']:,} points, to the plot's own picture", median(plot["replot"]), "ms", 16,
            f"and onto the window {median(plot['painted']):.1f}")]


def run_rows(said):
    write, run = said["journals"], said["long"]
    rate = lambda journal: journal["rows"] / journal["milliseconds"] * 1000  # noqa: E731
    each = write["each_step"]
    return [
        row(f"journal, rows made durable, {said['together']} steps at once", rate(write["long"]), "rows/s"),
        row(f"journal, rows made durable, step by step ({said['metrics']} metrics)", rate(each), "rows/s", None,
            f"a step p50 {quantile(each['waits'], 0.5):.2f} ms, p99 {quantile(each['waits'], 0.99):.2f}; 4 KiB on this disk alone "
            f"{quantile(write['sync_ms'], 0.5):.2f}, {quantile(write['sync_ms'], 0.99):.2f}"),
        row(f"run of {said['steps']:,} steps x {said['metrics']} metrics, first look of a daemon", median(run["first_ms"]), "ms", 1000),
        row(f"run of {said['steps']:,} steps x {said['metrics']} metrics, later", median(run["later_ms"]), "ms", 1000),
        row("dragging a tenth of it, a frame", median(run["drag_ms"]), "ms", 50, f"p99 {quantile(run['drag_ms'], 0.99):.1f}")]


def launch_rows(said):
    if said.get("launch") is None:
        return []
    times = said["launch"]
    return [row("click on Launch (nano, one thread) to its first value on the screen", median(times["value"]) / 1000, "s", 5,
                f"longest {max(times['value']) / 1000:.2f}; said that it begins after {median(times['answer']):.0f} ms, the run's page "
                f"after {median(times['page']) / 1000:.2f} s")]


def call_rows(said):
    rows = []
    for way, where in (("local", "to the daemon of this machine"), ("ssh", "through ssh on the loopback")):
        for call in ("hello", "runs"):
            times = said["calls"][way][call]
            rows.append(row(f"call '{call}' {where}, p50", quantile(times, 0.5), "ms", None, f"p99 {quantile(times, 0.99):.2f}"))
    return rows


def rival_rows(said):
    ours, theirs, points = said["dense"], said["rival"], said["points"]
    first, start = median(ours["first_ms"]) / 1000, median(said["start"]["again_ms"]) / 1000
    rows = [row("ecumene: choice of the run to drawn curves, daemon just started", first, "s", None,
                f"{first + start:.3g} s with the start of the window; daemon {median(ours['daemon_bytes']) / 1e6:,.0f} MB, window "
                f"{ours['window_bytes'] / 1e6:,.0f} MB"),
            row("ecumene: the same, the daemon has seen it", median(ours["later_ms"]) / 1000, "s", None,
                f"{ours['points']:,} buckets a curve, of least, most and mean")]
    for kind, what in (("sampled", "TensorBoard: start to all series answered, as it samples"),
                       ("whole", "TensorBoard: the same, told to keep every point")):
        seconds = median([round_["seconds"] for round_ in theirs[kind]])
        one = theirs[kind][0]
        rows.append(row(what, seconds, "s", None,
                        f"{seconds / (first + start):.1f} times as long as start and curves; {one['points']:,} points a series of {points:,}, "
                        f"{one['answered_bytes'] / 1e6:,.0f} MB, in memory {one['resident_bytes'] / 1e6:,.0f} MB"))
    return rows


def table(said):
    lines = ["the window", *window_rows(said), "", "runs and their journal", *run_rows(said), *launch_rows(said), "", "calls", *call_rows(said)]
    if "rival" in said:
        lines += ["", f"{said['curves']} x {said['points']:,} points shown: journal {said['journals']['dense_bytes'] / 1e6:,.0f} MB, "
                  f"event files {said['rival']['event_bytes'] / 1e6:,.0f} MB; TensorBoard's time ends before its page draws", *rival_rows(said)]
    return "\n".join(lines)
