# SPDX-License-Identifier: Apache-2.0
"""What other programs took of the machine while a benchmark ran."""
import ctypes
import os
import resource
import time

# Share of all cores that others may take before the numbers are called doubtful.
IDLE_SHARE = 0.05
PR_SET_CHILD_SUBREAPER = 36


def adopt():
    """What our children leave behind becomes ours, and counts as ours once it has ended."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def collect():
    """Waits for what was adopted and has ended. Only where no child is waited for otherwise: it takes any."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def share(all_seconds, our_seconds, wall_seconds, cores):
    """Of the cores' time, what neither stood still nor was ours: 0 to 1."""
    return min(1.0, max(0.0, all_seconds - our_seconds) / (wall_seconds * cores))


def busy_seconds():
    """CPU seconds of all programs since the machine started: (all, ours)."""
    with open("/proc/stat") as file:
        user, nice, system, _, _, irq, soft = map(int, file.readline().split()[1:8])
    ours = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return ((user + nice + system + irq + soft) / os.sysconf("SC_CLK_TCK"), sum(u.ru_utime + u.ru_stime for u in ours))


class Watch:
    """From its making on. Children count as ours once they have ended and been waited for."""

    def __init__(self):
        self.begin, self.before = time.perf_counter(), busy_seconds()

    def others(self):
        wall, after = time.perf_counter() - self.begin, busy_seconds()
        return share(after[0] - self.before[0], after[1] - self.before[1], wall, os.cpu_count())


def sentence(others):
    if others > IDLE_SHARE:
        return (f"WARNING: the machine was not idle: other programs took {100 * others:.0f} % of its cores. The numbers are worse than "
                "they would be, and the ratios doubtful.")
    return f"the machine was idle: other programs took {100 * others:.1f} % of its cores"
