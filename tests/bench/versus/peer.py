"""PyTorch's side of every comparison: it times steps on request, with one JSON object per line.

    > {"steps": 4}
    < {"milliseconds": [..], "penalized": [..]}

A peer is a script that calls `serve(Trainer)`. A trainer is made from the options and a memory layout, has the networks
`generator` and `critic`, and `step()` runs one step and returns whether it included a lazy penalty.
"""
import argparse
import json
import statistics
import sys
import time

import torch


def serve(trainer_class, resolution=32, variants=("r1",)):
    parser = argparse.ArgumentParser()
    parser.add_argument("--resolution", type=int, default=resolution)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--mode", choices=["eager", "compile", "autocast"], default="eager")
    parser.add_argument("--variant", choices=variants, default=variants[0])
    parser.add_argument("--device", choices=["cpu", "cuda"], default="cpu")
    options = parser.parse_args()
    torch.set_default_device(options.device)
    torch.set_num_threads(options.threads)
    if options.mode == "compile":  # the compiler chooses layouts itself
        layout, trainer = "contiguous", trainer_class(options, "contiguous")
        timed(trainer, 9)
    else:
        layout, trainer = choose_layout(trainer_class, options)
    facts = {
        "library": f"PyTorch {torch.__version__}",
        "parameters": {"generator": count(trainer.generator), "discriminator": count(trainer.critic)},
        "layout": layout,
    }
    print(json.dumps(facts), flush=True)
    for line in sys.stdin:
        milliseconds, penalized = timed(trainer, json.loads(line)["steps"])
        print(json.dumps({"milliseconds": milliseconds, "penalized": penalized}), flush=True)


def choose_layout(trainer_class, options):
    """Runs both memory layouts in turn and keeps the faster."""
    trainers = {name: trainer_class(options, name) for name in ("contiguous", "channels_last")}
    times = {name: [] for name in trainers}
    for trial in range(5):
        for name, trainer in trainers.items():
            milliseconds, _ = timed(trainer, 2)
            if trial > 0:
                times[name] += milliseconds
    layout = min(times, key=lambda name: statistics.median(times[name]))
    return layout, trainers[layout]


def timed(trainer, steps):
    milliseconds, penalized = [], []
    for _ in range(steps):
        start = time.perf_counter()
        penalized.append(trainer.step())
        milliseconds.append((time.perf_counter() - start) * 1000)
    return milliseconds, penalized


def count(module):
    return sum(p.numel() for p in module.parameters())
