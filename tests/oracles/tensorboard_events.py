# SPDX-License-Identifier: Apache-2.0
"""Records of TensorBoard's own event writer, as hexadecimal digits: tests/oracles/reference/tensorboard_events.hex.

    python -m venv v && v/bin/pip install tensorboard==2.21.0
    v/bin/python tests/oracles/tensorboard_events.py > tests/oracles/reference/tensorboard_events.hex
"""
import io

from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.summary.writer.record_writer import RecordWriter

out = io.BytesIO()
writer = RecordWriter(out)
writer.write(Event(wall_time=1000.5, file_version="brain.Event:2").SerializeToString())
for time, step, tag, value in [(1001.25, 7, "loss.total", 0.75), (1002.0, 300000, "gradient.norm", float("inf")),
                               (1003.0, 8, "train/lr", 1e-4)]:
    event = Event(wall_time=time, step=step, summary=Summary(value=[Summary.Value(tag=tag, simple_value=value)]))
    writer.write(event.SerializeToString())
print(out.getvalue().hex())
