# SPDX-License-Identifier: Apache-2.0
"""The rival of our loader in `tools/bench data`: h5py and PyTorch's DataLoader on the same samples.

    data_rival.py make STORE FILE     write the samples of a store as gzip float32 (shuffle, level 4), one chunk a variable
    data_rival.py gzip FILE SECONDS   read that file
    data_rival.py packed STORE SECONDS   read the store's own packed bytes, unpacked with numpy

A sample is the ten variables of one planet, flat float32, one after another. Prints JSON: samples/s of the best number of
worker processes (none to one more than there are cores, and three at least), and the milliseconds of CPU that a sample costs
the workers there, after two passes that open the files and warm the page cache.
"""
import glob
import json
import mmap
import os
import sys
import time
import warnings

import h5py
import numpy
import torch
from torch.utils.data import DataLoader, Dataset, RandomSampler

BATCH, PREFETCH = 4, 4
VARIABLES = ["air_temperature", "specific_humidity", "eastward_wind", "northward_wind", "surface_temperature",
             "surface_air_pressure", "cloud_area_fraction", "sea_ice_area_fraction", "toa_net_shortwave",
             "toa_outgoing_longwave"]


def payloads(store):
    return sorted(glob.glob(os.path.join(store, "planets", "*", "*.h5")))


class Cubes(Dataset):
    """Planets opened once in each worker; a batch is written by its worker straight into memory that the processes share
    and use again, so it is copied nowhere and the kernel clears no pages for it. What goes through the queue is its place."""

    def __init__(self, size, count):
        self.size, self.count, self.open, self.given = size, count, {}, 0

    def __len__(self):
        return self.count

    def share(self, workers):
        """Before the workers start. Each has PREFETCH batches asked for or waiting, and one that the main process still
        looks at while it asks for the next: one place more than those is never written while it is read."""
        shape = (max(1, workers), PREFETCH + 2, BATCH, self.size)
        pages = mmap.mmap(-1, 4 * int(numpy.prod(shape)))
        self.ring = numpy.frombuffer(pages, numpy.float32).reshape(shape)
        self.ring[:] = 0.0  # all pages exist from here on

    def __getitems__(self, indices):
        info = torch.utils.data.get_worker_info()
        place = (info.id if info else 0, self.given % (PREFETCH + 2))
        self.given += 1
        for index, flat in zip(indices, self.ring[place]):
            self.read(index, flat)
        return place, time.process_time()


class Packed(Cubes):
    """One HDF5 file a planet, int16 codes with scale_factor and add_offset (CF), humidity as its logarithm."""

    def __init__(self, store):
        self.files = [f for f in payloads(store) if "climate" in h5py.File(f, "r")]
        super().__init__(0, len(self.files))
        self.size = sum(place[0].size for place in self.places(0))
        self.open = {}  # handles are not for other processes
        # Every code's value, by its bits: floor below 1e-9 is 0.
        codes = numpy.arange(65536, dtype=numpy.uint16).view(numpy.int16)
        self.humidity = numpy.where(codes == -32768, 0.0, numpy.power(10.0, codes / 1024.0)).astype(numpy.float32)
        self.codes = numpy.empty(0, numpy.int16)

    def scratch(self, size):
        if len(self.codes) < size:
            self.codes = numpy.empty(size, numpy.int16)
        return self.codes[:size]

    def places(self, index):
        """Dataset, its axes, scale, offset and whether it is a logarithm, of each variable of a planet."""
        if index not in self.open:
            # Chunks are read whole and once: HDF5's cache of them would only be a copy more.
            climate = h5py.File(self.files[index], "r", rdcc_nbytes=0)["climate"]
            found = []
            for name in VARIABLES:
                logarithm = "log10_" + name in climate
                data = climate["log10_" + name if logarithm else name]
                found.append((data, data.shape, numpy.float32(data.attrs.get("scale_factor", 1.0)),
                              numpy.float32(data.attrs.get("add_offset", 0.0)), logarithm))
            self.open[index] = found
        return self.open[index]

    def read(self, index, flat):
        start = 0
        for data, shape, scale, offset, logarithm in self.places(index):
            values = flat[start:start + data.size]
            start += data.size
            if data.dtype != numpy.int16:
                data.read_direct(values.reshape(shape))
                continue
            raw = self.scratch(data.size)
            data.read_direct(raw.reshape(shape))
            if logarithm:
                assert scale == numpy.float32(1 / 1024)
                numpy.take(self.humidity, raw.view(numpy.uint16), out=values, mode="clip")
                continue
            numpy.multiply(raw, scale, out=values, dtype=numpy.float32, casting="unsafe")
            if offset:
                values += offset


class Gzip(Cubes):
    """All planets in one file."""

    def __init__(self, path):
        self.path, self.file = path, None
        with h5py.File(path, "r") as file:
            self.names = sorted(file)
            super().__init__(sum(file[self.names[0]][v].size for v in VARIABLES), len(self.names))

    def read(self, index, flat):
        if self.file is None:
            self.file = h5py.File(self.path, "r", rdcc_nbytes=0)
        if index not in self.open:
            self.open[index] = [self.file[self.names[index]][name] for name in VARIABLES]
        start = 0
        for data in self.open[index]:
            data.read_direct(flat[start:start + data.size].reshape(data.shape))
            start += data.size


def make(store, path):
    packed = Packed(store)
    flat = numpy.empty(packed.size, numpy.float32)
    with h5py.File(path, "w") as out:
        for index, source in enumerate(packed.files):
            packed.read(index, flat)
            group = out.create_group(os.path.basename(source))
            start = 0
            with h5py.File(source, "r") as file:
                for name in VARIABLES:
                    climate = file["climate"]
                    shape = climate[name].shape if name in climate else climate["log10_" + name].shape
                    size = int(numpy.prod(shape))
                    group.create_dataset(name, data=flat[start:start + size].reshape(shape), chunks=shape,
                                         compression="gzip", compression_opts=4, shuffle=True)
                    start += size


def rate(dataset, workers, seconds):
    """Samples a second, and milliseconds of CPU a sample over all processes."""
    options = {"prefetch_factor": PREFETCH, "persistent_workers": True} if workers else {}
    dataset.open, dataset.file, dataset.given = {}, None, 0
    dataset.share(workers)
    # One endless epoch: no worker waits for the end of another's.
    sampler = RandomSampler(dataset, replacement=True, num_samples=1 << 40)
    loader = DataLoader(dataset, batch_size=BATCH, sampler=sampler, num_workers=workers, collate_fn=lambda batch: batch,
                        **options)
    count, begin, check, spent_by, spent_before = 0, None, 0.0, {}, 0.0
    for number, (place, cpu) in enumerate(loader):
        check += float(torch.from_numpy(dataset.ring[place])[-1, -1])
        if workers:
            spent_by[place[0]] = cpu
        spent_by["main"] = time.process_time()
        if begin is None:
            # What starts the workers, opens the files and warms the page cache is not counted.
            if number * BATCH >= 2 * len(dataset) * max(1, workers):
                begin, spent_before = time.perf_counter(), sum(spent_by.values())
            continue
        count += BATCH
        spent = time.perf_counter() - begin
        if spent > seconds:
            return count / spent, 1000.0 * (sum(spent_by.values()) - spent_before) / count


def worker_counts():
    cores = len(os.sched_getaffinity(0))
    return sorted({0, 1, 2, 3, cores // 2, cores - 1, cores, cores + 1})


def main():
    torch.set_num_threads(1)
    warnings.filterwarnings("ignore", message=".*worker processes.*")
    word = sys.argv[1]
    if word == "make":
        make(sys.argv[2], sys.argv[3])
        return
    dataset = Gzip(sys.argv[2]) if word == "gzip" else Packed(sys.argv[2])
    found = {workers: rate(dataset, workers, float(sys.argv[3])) for workers in worker_counts()}
    best = max(found, key=lambda workers: found[workers][0])
    print(json.dumps({"samples_per_s": found[best][0], "cpu_ms": found[best][1], "workers": best,
                      "samples": len(dataset), "rates": {workers: answer[0] for workers, answer in found.items()}}))


if __name__ == "__main__":
    main()
