"""Writes optim.json: python3 make.py (PyTorch 2.13, float64)."""
import json
import pathlib
import sys

import torch

here = pathlib.Path(__file__).parent
sys.path.insert(0, str(here.parent.parent / "ops" / "testdata"))
from reference import pack, uniform  # noqa: E402

STEPS = 6
start = {"a": uniform(3), "b": uniform(2, 2)}
multipliers = {"a": 1.0, "b": 0.125}
rates = [0.5, 0.25, 0.25, 0.125, 1.0, 0.5]
gradients = [{name: uniform(*x.shape) for name, x in start.items()} for _ in range(STEPS)]
gradients[2]["a"] = torch.zeros(3)

optimizers = {
    "adam 0 0.99": lambda groups: torch.optim.Adam(groups, betas=(0.0, 0.99), eps=1e-8),
    "adam 0.5 0.9": lambda groups: torch.optim.Adam(groups, betas=(0.5, 0.9), eps=1e-8),
    "adam 0.9 0.999 epsilon 0.125": lambda groups: torch.optim.Adam(groups, betas=(0.9, 0.999), eps=0.125),
    "rmsprop 0.99": lambda groups: torch.optim.RMSprop(groups, alpha=0.99, eps=1e-8),
    "rmsprop 0.9 epsilon 0.125": lambda groups: torch.optim.RMSprop(groups, alpha=0.9, eps=0.125),
}
values = {}
for name, make in optimizers.items():
    parameters = {k: torch.nn.Parameter(v.clone()) for k, v in start.items()}
    optimizer = make([{"params": [p], "lr": 1.0, "name": k} for k, p in parameters.items()])
    values[name] = []
    for step in range(STEPS):
        for group in optimizer.param_groups:
            group["lr"] = rates[step] * multipliers[group["name"]]
        for k, p in parameters.items():
            p.grad = gradients[step][k].clone()
        optimizer.step()
        values[name].append({k: pack(p) for k, p in parameters.items()})

data = {
    "start": {k: pack(v) for k, v in start.items()},
    "multipliers": multipliers,
    "rates": rates,
    "gradients": [{k: pack(v) for k, v in g.items()} for g in gradients],
    "values": values,
}
(here / "optim.json").write_text(json.dumps(data, separators=(",", ":")) + "\n")
