# SPDX-License-Identifier: Apache-2.0
"""A display that nobody sees, and when something appears on it: Xvfb, whose picture lies in a file that we read."""
import mmap
import os
import struct
import subprocess
import tempfile
import time
import zlib

WIDTH, HEIGHT = 1600, 1200
POLL = 0.002
LINES = 64  # of the window that are looked at: evenly spread


def picture_place(head):
    """(first byte, bytes of a line) of the pixels in an XWD file of version 7 (X11/XWDFile.h), by its first 100 bytes."""
    words = struct.unpack(">25I", head[:100])
    if words[1] != 7:
        raise ValueError(f"an XWD file of version {words[1]}, expected 7")
    return words[0] + 12 * words[19], words[12]


class Screen:
    """For one window: what it drew may stay on the display when it has ended."""

    def __init__(self, folder):
        read, write = os.pipe()
        self.folder = tempfile.mkdtemp(prefix="x", dir=folder)
        self.log = open(os.path.join(self.folder, "log"), "w")
        self.process = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write), "-screen", "0", f"{WIDTH}x{HEIGHT}x24", "-nolisten", "tcp", "-noreset",
             "-fbdir", self.folder],
            pass_fds=[write], stdout=self.log, stderr=self.log)
        os.close(write)
        with os.fdopen(read) as answer:
            number = answer.readline().strip()
        if not number:
            raise RuntimeError(f"Xvfb did not start: see {self.log.name}")
        self.display = ":" + number
        with open(os.path.join(self.folder, "Xvfb_screen0"), "rb") as file:
            self.memory = mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ)
        self.first, self.line = picture_place(self.memory[:100])

    def lines(self, width, height):
        """Pixels of LINES lines of the window at the display's corner."""
        begins = (self.first + self.line * (height * (2 * i + 1) // (2 * LINES)) for i in range(LINES))
        return [self.memory[begin:begin + 4 * width] for begin in begins]

    def changed(self, before, width, height):
        """Share of the lines that are not as they were."""
        return sum(a != b for a, b in zip(before, self.lines(width, height))) / LINES

    def appears(self, start, width, height, most_seconds=60.0):
        """Calls `start` and gives the seconds until nearly every line of the window has something on it."""
        before = self.lines(width, height)
        begin = time.perf_counter()
        start()
        while self.changed(before, width, height) < 0.95:
            if time.perf_counter() - begin > most_seconds:
                raise RuntimeError(f"no window within {most_seconds:.0f} s")
            time.sleep(POLL)
        return time.perf_counter() - begin

    def save(self, path, width, height):
        """The window as PNG (W3C Recommendation, 2003: 8 bits, truecolour, no filter), to look at."""
        def chunk(kind, data):
            return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

        rows = bytearray()
        for y in range(height):
            line = self.memory[self.first + self.line * y:self.first + self.line * y + 4 * width]
            pixels = bytearray(3 * width)
            pixels[0::3], pixels[1::3], pixels[2::3] = line[2::4], line[1::4], line[0::4]
            rows += b"\0" + pixels
        with open(path, "wb") as file:
            file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)) +
                       chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))

    def __enter__(self):
        return self

    def __exit__(self, *problem):
        self.process.terminate()
        self.process.wait()
        self.log.close()
