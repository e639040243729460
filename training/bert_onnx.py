"""A BERT encoder written node by node as ONNX, in fp32 or in int8, from its weights alone.

The graph takes the word pieces of one text, or of a pair, and no mask: one text a run needs no padding. Writing the nodes out gives the
graph that runs fastest (a plain `LayerNormalization` after an `Add` is four times quicker than the fused
`SkipLayerNormalization` of onnxruntime 1.31, `Attention` a sixth quicker than its `MultiHeadAttention`) and decides layer by
layer how numbers are rounded. Four things keep int8 close:

- **A scale for each output channel** of a weight, not one for the matrix.
- **Pair-bounded weights.** Processors without VNNI add two products in 16 bits, which can overflow unnoticed. The scale of a
  channel is the smallest at which |w0| + |w1| of two neighbours stays within 128, so it never does.
- **Smoothing** (Xiao et al. 2022, SmoothQuant). Few channels after a layer norm are ten times larger than the rest and eat the
  range of an activation. They are divided by a power of two, and their weights multiplied by it.
- **One scale a token** for the input of the second feed-forward matrix, where single tokens have single large values.

It leaves out dropout, padding and the pooler.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

Floats = NDArray[np.float32]
Weights = Mapping[str, Floats]
Outputs = Mapping[str, Sequence[int | str]]
"""Name -> shape."""

_CONTRIB = "com.microsoft"
_EPSILON = 1e-12
_SMOOTHING = 0.7
"""How much of an outlier moves from activation to weight; 0.6 to 0.8 measured alike."""
_LOWEST = -0.17
"""Gelu gives nothing below this."""
_STEPS_BELOW = 24
"""Of the 255 steps of a rounded token after Gelu, those that are left for what is below zero."""


@dataclass(frozen=True, kw_only=True)
class Shape:
    """The numbers of a BERT configuration that the graph needs."""

    layers: int
    heads: int
    hidden: int
    window: int


@dataclass
class Graph:
    """Nodes and constants as they are added."""

    nodes: list[onnx.NodeProto] = field(default_factory=list)
    constants: dict[str, onnx.TensorProto] = field(default_factory=dict)
    matmul_inputs: dict[str, str] = field(default_factory=dict)
    """Name of a linear layer -> the tensor that enters it; for calibration."""

    def constant(self, name: str, value: Any) -> str:
        """Add a constant once; its name."""
        self.constants.setdefault(name, numpy_helper.from_array(np.ascontiguousarray(value).reshape(np.shape(value)), name))
        return name

    def add(self, kind: str, *inputs: str, name: str = "", domain: str = "", **attributes: Any) -> str:
        """Add a node with one output; the output's name."""
        output = name or f"{kind}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [output], name=f"node_{output}", domain=domain, **attributes))
        return output

    def rounded(self, source: str) -> tuple[str, str, str]:
        """`source` rounded to eight bits with one scale: (whole numbers, scale, zero point)."""
        number = len(self.nodes)
        outputs = (f"whole_{number}", f"scale_{number}", f"zero_{number}")
        self.nodes.append(helper.make_node("DynamicQuantizeLinear", [source], list(outputs), name=f"node_rounded_{number}"))
        return outputs

    def save(self, path: Path, *, inputs: Sequence[str] = ("input_ids",), outputs: Outputs, extra_outputs: Sequence[str] = ()) -> None:
        """Write the model; each input is int64 [pieces], each output float of the shape given."""
        taken = [helper.make_tensor_value_info(name, TensorProto.INT64, ["pieces"]) for name in inputs]
        given = [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in outputs.items()]
        given += [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in extra_outputs]
        graph = helper.make_graph(self.nodes, path.parent.name, taken, given, list(self.constants.values()))
        opsets = [helper.make_opsetid("", 23), helper.make_opsetid(_CONTRIB, 1)]
        model = helper.make_model(graph, opset_imports=opsets, ir_version=11, producer_name="dateline")
        path.write_bytes(model.SerializeToString(deterministic=True))


@dataclass
class Bert:
    """Builds the graph of one checkpoint.

    With `peaks` (the largest magnitude of each input channel of each linear layer) the graph is int8, without it fp32.
    """

    weights: Weights
    shape: Shape
    peaks: Mapping[str, Floats] | None = None
    pairs: bool = False
    """Whether there are two texts, told apart by a second input, `segment_ids`."""

    def sentence_vector(self) -> Graph:
        """The graph from `input_ids` to the mean of the token vectors, scaled to unit length."""
        graph = Graph()
        tokens = self._tokens(graph)
        mean = graph.add("ReduceMean", tokens, graph.constant("token_axes", np.array([0, 1])), keepdims=0)
        graph.add("LpNormalization", mean, name="vector", axis=0, p=2)
        return graph

    def reader(self) -> Graph:
        """The graph of the cross-encoder: `input_ids` and `segment_ids` to `spans`, `relevance` and `support` (see reader_model.py)."""
        graph = Graph()
        tokens = self._tokens(graph)
        pieces = graph.add("Squeeze", tokens, graph.constant("first_axis", np.array([0])))
        first = graph.add("Slice", pieces, graph.constant("start", np.array([0])), graph.constant("one", np.array([1])))
        inner = graph.add("Tanh", self._head(graph, first, "support.0"))
        for name, source, head in (("spans", pieces, "span"), ("relevance", first, "relevance"), ("support", inner, "support.2")):
            out = self._head(graph, source, head)
            graph.add(
                "Identity", out if name == "spans" else graph.add("Squeeze", out, graph.constant("first_axis", np.array([0]))), name=name
            )
        return graph

    def _head(self, graph: Graph, source: str, name: str) -> str:
        """A small linear layer, in fp32."""
        weight = graph.constant(f"{name}.weight", self.weights[f"{name}.weight"].T)
        return graph.add("Add", graph.add("MatMul", source, weight), graph.constant(f"{name}.bias", self.weights[f"{name}.bias"]))

    def _tokens(self, graph: Graph) -> str:
        """The trunk: the vectors of all pieces after the last layer."""
        tokens = self._embed(graph)
        for number in range(self.shape.layers):
            tokens = self._layer(graph, tokens, f"encoder.layer.{number}.")
        return tokens

    def _embed(self, graph: Graph) -> str:
        words = self.weights["embeddings.word_embeddings.weight"]
        ids = graph.add("Unsqueeze", "input_ids", graph.constant("first_axis", np.array([0])))
        if self.peaks is None:
            rows = graph.add("Gather", graph.constant("words", words), ids)
        else:  # a scale for each word
            scales = np.maximum(np.abs(words).max(1, keepdims=True), 1e-9) / np.float32(127)
            whole = graph.add("Gather", graph.constant("words", np.round(words / scales).astype(np.int8)), ids)
            scale = graph.add("Gather", graph.constant("word_scales", scales), ids)
            rows = graph.add("Mul", graph.add("Cast", whole, to=TensorProto.FLOAT), scale)
        kinds = self.weights["embeddings.token_type_embeddings.weight"]
        places = self.weights["embeddings.position_embeddings.weight"] + kinds[0]  # one text is all segment 0
        start = graph.constant("start", np.array([0]))
        places = graph.add("Slice", graph.constant("places", places[: self.shape.window]), start, graph.add("Shape", "input_ids"))
        placed = graph.add("Add", rows, places)
        if self.pairs:
            other = graph.constant("segments", kinds - kinds[0])
            placed = graph.add("Add", placed, graph.add("Gather", other, "segment_ids"))
        return self._norm(graph, placed, "embeddings.LayerNorm")

    def _layer(self, graph: Graph, tokens: str, name: str) -> str:
        def layer(source: str, part: str, *matrices: str, smooth: bool = False, per_token: bool = False) -> str:
            weight = np.concatenate([self.weights[f"{name}{matrix}.weight"] for matrix in matrices]).T
            bias = np.concatenate([self.weights[f"{name}{matrix}.bias"] for matrix in matrices])
            return self._linear(graph, source, name + part, weight, bias, smooth=smooth, per_token=per_token)

        heads = self.shape.heads
        mixed = graph.add("Attention", *self._query_key_value(graph, tokens, name), q_num_heads=heads, kv_num_heads=heads)
        mixed = layer(mixed, "attended", "attention.output.dense")
        tokens = self._norm(graph, graph.add("Add", mixed, tokens), f"{name}attention.output.LayerNorm")
        wide = graph.add("Gelu", layer(tokens, "up", "intermediate.dense", smooth=True), domain=_CONTRIB)
        narrow = layer(wide, "down", "output.dense", per_token=True)
        return self._norm(graph, graph.add("Add", narrow, tokens), f"{name}output.LayerNorm")

    def _query_key_value(self, graph: Graph, tokens: str, name: str) -> list[str]:
        """Three layers over one input, which is smoothed and rounded once; one wide layer would have to be split again."""
        parts = [f"{name}attention.self.{part}" for part in ("query", "key", "value")]
        weights = [self.weights[f"{part}.weight"].T for part in parts]
        biases = [graph.constant(f"{part}.bias", self.weights[f"{part}.bias"]) for part in parts]
        graph.matmul_inputs[f"{name}qkv"] = tokens
        if self.peaks is None:
            products = [graph.add("MatMul", tokens, graph.constant(f"{part}.weight", w)) for part, w in zip(parts, weights, strict=True)]
            return [graph.add("Add", product, bias) for product, bias in zip(products, biases, strict=True)]
        factors = smoothing_factors(self.peaks[f"{name}qkv"], np.concatenate(weights, 1))
        whole, scale, zero = graph.rounded(graph.add("Mul", tokens, graph.constant(f"{name}qkv.smoothing", 1 / factors)))
        return [
            _matmul_rounded(graph, whole, scale, zero, part, weight * factors[:, None], bias)
            for part, weight, bias in zip(parts, weights, biases, strict=True)
        ]

    def _norm(self, graph: Graph, source: str, name: str) -> str:
        scale, bias = (graph.constant(f"{name}.{part}", self.weights[f"{name}.{part}"]) for part in ("weight", "bias"))
        return graph.add("LayerNormalization", source, scale, bias, epsilon=_EPSILON)

    def _linear(self, graph: Graph, source: str, name: str, weight: Floats, bias: Floats, *, smooth: bool, per_token: bool) -> str:
        graph.matmul_inputs[name] = source
        bias_name = graph.constant(f"{name}.bias", bias)
        if self.peaks is None:
            return graph.add("Add", graph.add("MatMul", source, graph.constant(f"{name}.weight", weight)), bias_name)
        if smooth:
            factors = smoothing_factors(self.peaks[name], weight)
            weight = weight * factors[:, None]
            source = graph.add("Mul", source, graph.constant(f"{name}.smoothing", 1 / factors))
        if per_token:
            return graph.add("Add", self._matmul_per_token(graph, source, name, weight), bias_name)
        whole, scales, zeros = _weight(graph, name, weight)
        return graph.add("DynamicQuantizeMatMul", source, whole, scales, zeros, bias_name, domain=_CONTRIB)

    def _matmul_per_token(self, graph: Graph, source: str, name: str, weight: Floats) -> str:
        """`source @ weight` with one scale a token; `source` comes from Gelu, so few steps suffice for what is below zero."""
        peak = graph.add("ReduceMax", source, graph.constant("last_axis", np.array([-1])), keepdims=0)
        least = graph.constant("least_scale", np.float32(-_LOWEST / _STEPS_BELOW))
        scale = graph.add("Max", graph.add("Mul", peak, graph.constant("one_step", np.float32(1 / (255 - _STEPS_BELOW)))), least)
        flat = graph.add("Reshape", scale, graph.constant("all", np.array([-1])))
        zeros = graph.constant("zero_points", np.full(self.shape.window, _STEPS_BELOW, np.uint8))
        zeros = graph.add("Slice", zeros, graph.constant("start", np.array([0])), graph.add("Shape", flat))
        whole = graph.add("QuantizeLinear", source, flat, zeros, axis=1)
        zero = graph.constant("zero_point", np.uint8(_STEPS_BELOW))
        product = _matmul_rounded(graph, whole, graph.constant("unit", np.float32(1)), zero, name, weight)
        return graph.add("Mul", product, graph.add("Unsqueeze", scale, graph.constant("last_axis", np.array([-1]))))


def smoothing_factors(peaks: Floats, weight: Floats) -> Floats:
    """What to divide each input channel by: a power of two, so that moving it into the weight rounds nothing."""
    exponents = _SMOOTHING * np.log2(peaks) - (1 - _SMOOTHING) * np.log2(np.abs(weight).max(1))
    return np.exp2(np.round(exponents - exponents.mean())).astype(np.float32)


def quantise(weight: Floats) -> tuple[NDArray[np.int8], Floats]:
    """A weight [inputs, outputs] as int8 with one scale an output, its neighbouring inputs bounded in pairs."""
    magnitude = np.abs(weight)
    bound = np.maximum(magnitude.max(0), (magnitude[0::2] + magnitude[1::2]).max(0))
    scales = (bound / 127).astype(np.float32)
    whole = np.round(weight / scales).astype(np.int16)
    if (np.abs(whole[0::2]) + np.abs(whole[1::2])).max() > 128:
        raise AssertionError("two neighbouring weights can overflow 16 bits")
    return whole.astype(np.int8), scales


def _weight(graph: Graph, name: str, weight: Floats) -> tuple[str, str, str]:
    """A weight rounded to eight bits: (whole numbers, scales, zero points)."""
    whole, scales = quantise(weight)
    zeros = graph.constant(f"zeros_{len(scales)}", np.zeros(len(scales), np.int8))
    return graph.constant(f"{name}.weight", whole), graph.constant(f"{name}.scales", scales), zeros


def _matmul_rounded(graph: Graph, whole: str, scale: str, zero: str, name: str, weight: Floats, *bias: str) -> str:
    """`whole @ weight` in whole numbers, given in fp32."""
    weight_name, scales, zeros = _weight(graph, name, weight)
    return graph.add("MatMulIntegerToFloat", whole, weight_name, scale, scales, zero, zeros, *bias, domain=_CONTRIB)
