"""Computes a step's loss and gradients and users' lists with weights that are given: compared with ours by a test.

python3 parity.py < input.json > output.json
"""
import json
import sys

import torch

from beam_torch import Parts, Trie, beam_search, recommend
from tiger_torch import Config, Tiger


def slots(model):
    """Our name of each weight -> (the tensor that holds it, how it is stored there)."""
    plain, turned = (lambda w: w), (lambda w: w.T)
    found = {"embedding": (model.embed.weight, plain), "head": (model.head, plain),
             "encoderBias": (model.encoder_bias.table, plain), "decoderBias": (model.decoder_bias.table, plain),
             "encoderNorm": (model.encoder_norm.weight, plain), "decoderNorm": (model.decoder_norm.weight, plain)}
    if model.c.catalogue:
        found.update(written=(model.written.weight, plain), crossBias=(model.cross_bias.table, plain),
                     itemVectors=(model.item_vectors, plain), kinds=(model.kinds, plain),
                     gaps=(model.gaps, plain))
    for stack, layers in (("encoder", model.encoder), ("decoder", model.decoder)):
        for i, layer in enumerate(layers):
            name = f"{stack}.{i}"
            parts = [("attention", layer.attn)] + ([("cross", layer.cross)] if layer.cross else [])
            for (part, attention), norm in zip(parts, layer.norms):
                for n, which in enumerate(("query", "key", "value")):
                    cut = slice(n * attention.inner, (n + 1) * attention.inner)
                    found[f"{name}.{part}.{which}"] = (attention.qkv, lambda w, cut=cut: w[cut].T)
                found[f"{name}.{part}.out"] = (attention.out, turned)
                found[f"{name}.{part}Norm"] = (norm.weight, plain)
            found[f"{name}.feedForwardNorm"] = (layer.norms[-1].weight, plain)
            found[f"{name}.feedForward.up"] = (layer.up.weight, turned)
            found[f"{name}.feedForward.down"] = (layer.down.weight, turned)
    return found


def model_with(config, given):
    """A model with the weights that are given, by our names."""
    model = Tiger(config)
    weights = slots(model)
    missing = set(weights) ^ set(given)
    if missing:
        raise SystemExit(f"weights: expected the same names on both sides, got {sorted(missing)} on one")
    with torch.no_grad():
        for name, values in given.items():
            held, view = weights[name]
            view(held).copy_(torch.tensor(values).view(view(held).shape))
    return model


def parts_of(given):
    tensors = {name: torch.tensor(given.pop(name)) for name in ("texts", "neighbours", "weights")}
    return Parts(**tensors, **given)


def main():
    given = json.load(sys.stdin)
    config = Config(**given["config"])
    model = model_with(config, given["model"])
    batch = {name: torch.tensor(values) for name, values in given["batch"].items()}
    batch["mask"] = batch["mask"] > 0
    loss = model(**batch)
    loss.backward()
    trie = Trie(torch.tensor(given["codes"]), config.codes)
    source = (batch["ids"], batch["mask"])
    model.eval()
    parts = parts_of(given["parts"]) if config.catalogue else None
    found = {"decoder": beam_search(model, trie, *source, given["beam"], batch.get("rows"))}
    if parts:
        found["all"] = recommend(model, trie, *source, batch["rows"], given["beam"], parts)
    json.dump({
        "loss": loss.item(),
        "gradients": {name: view(held.grad).flatten().tolist() for name, (held, view) in slots(model).items()},
        "lists": {name: {"items": items.tolist(), "scores": scores.tolist()} for name, (items, scores) in found.items()},
    }, sys.stdout)


if __name__ == "__main__":
    main()
