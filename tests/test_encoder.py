"""The built-in encoder: the same vector in any company, what is near and far, the window, threads, damaged files."""

import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.encoder import MODEL_FOLDER, HashEncoder, OnnxEncoder, built_in_encoder, verify_model
from index.errors import ModelError

TEXTS = [
    "French troops left Mali in August 2022.",
    "The last soldiers of the French force pulled out of the country after nine years.",
    "Rain.",
    "A recipe for apple cake: flour, butter, sugar and four sour apples.",
    "“Nous partons”, a-t-il dit — l'opération est terminée. 撤退",
    "The central bank raised its interest rate by half a point. " * 15,
    "",
]

encoder = pytest.fixture(scope="module")(built_in_encoder)


@pytest.fixture(params=["built-in", "hash"])
def any_encoder(request):
    return built_in_encoder() if request.param == "built-in" else HashEncoder()


def test_what_it_says_of_itself(encoder):
    assert (encoder.name, encoder.dimension, encoder.window) == ("all-MiniLM-L6-v2-int8.2", 384, 256)
    assert built_in_encoder() is encoder


def test_vectors_are_unit_float32_rows(any_encoder):
    vectors = any_encoder.encode(TEXTS)
    assert vectors.shape == (len(TEXTS), any_encoder.dimension)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_no_texts_give_no_rows(any_encoder):
    assert any_encoder.encode([]).shape == (0, any_encoder.dimension)


def test_a_text_has_one_vector_alone_in_company_in_any_order_and_as_a_question(any_encoder):
    together = any_encoder.encode(TEXTS)
    np.testing.assert_array_equal(any_encoder.encode(TEXTS[::-1])[::-1], together)
    for text, vector in zip(TEXTS, together, strict=True):
        np.testing.assert_array_equal(any_encoder.encode([text])[0], vector)
        np.testing.assert_array_equal(any_encoder.encode_query(text), vector)


def test_one_thread_and_many_agree(encoder):
    np.testing.assert_array_equal(OnnxEncoder.open(MODEL_FOLDER, threads=1).encode(TEXTS), encoder.encode(TEXTS))


def test_callers_in_eight_threads_get_the_same(encoder):
    expected = encoder.encode(TEXTS)
    with ThreadPoolExecutor(8) as pool:
        for vectors in pool.map(lambda _: encoder.encode(TEXTS), range(16)):
            np.testing.assert_array_equal(vectors, expected)


def test_a_paraphrase_is_nearer_than_another_matter(encoder):
    departure, paraphrase, _, cake, *_ = encoder.encode(TEXTS)
    assert departure @ paraphrase > 0.5 > 0.2 > departure @ cake
    question = encoder.encode_query("When did the French army leave Mali?")
    assert question @ departure > question @ paraphrase > question @ cake


def test_it_is_the_model_that_it_says(encoder):
    original = [0.06766, 0.06350, 0.04871, 0.07930]  # what the fp32 original gives
    np.testing.assert_allclose(encoder.encode(["This is an example sentence"])[0][:4], original, atol=0.01)


def test_count_includes_the_specials(encoder):
    assert encoder.count("") == 2
    assert encoder.count("rain") == 3
    assert encoder.count("rain " * 254) == 256


def test_a_document_longer_than_the_window_is_refused_and_a_question_is_cut(encoder):
    fits = encoder.encode(["rain " * 254])[0]
    with pytest.raises(ValueError, match="257 word pieces exceeds the encoder's window of 256: 'rain rain"):
        encoder.encode(["rain", "rain " * 255, "rain"])
    np.testing.assert_array_equal(encoder.encode_query("rain " * 255), fits)
    np.testing.assert_array_equal(encoder.encode_query("rain " * 9999), fits)


def test_progress_counts_up(any_encoder):
    seen = []
    any_encoder.encode(TEXTS, progress=seen.append)
    assert seen == [1, 2, 3, 4, 5, 6, 7]


def test_a_progress_that_raises_stops_the_work(encoder):
    def interrupt(done):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        encoder.encode(TEXTS, progress=interrupt)
    assert encoder.encode(TEXTS[:1]).shape == (1, 384)


def test_the_shipped_model_is_whole():
    assert verify_model() is None


def _copy(folder):
    return shutil.copytree(MODEL_FOLDER, folder / "bi-encoder")


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json", "manifest.json"])
def test_a_missing_file_is_named(tmp_path, name):
    folder = _copy(tmp_path)
    (folder / name).unlink()
    assert verify_model(folder) == f"{folder / name} is missing"
    with pytest.raises(ModelError) as caught:
        OnnxEncoder.open(folder)
    assert str(caught.value) == f"{folder / name} is missing"
    assert caught.value.hint == "pip install --force-reinstall dateline"


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
def test_a_damaged_file_is_named(tmp_path, name):
    folder = _copy(tmp_path)
    (folder / name).write_bytes((folder / name).read_bytes()[:100_000])
    problem = f"{folder / name} is damaged: its checksum is not the one in manifest.json"
    assert verify_model(folder) == problem
    with pytest.raises(ModelError) as caught:
        OnnxEncoder.open(folder)
    assert str(caught.value) == problem


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"\xff", b'{"sha256": 3}'])
def test_a_damaged_manifest_is_named(tmp_path, content):
    folder = _copy(tmp_path)
    (folder / "manifest.json").write_bytes(content)
    assert verify_model(folder) == f"{folder / 'manifest.json'} is damaged"
    with pytest.raises(ModelError, match=r"manifest\.json is damaged"):
        OnnxEncoder.open(folder)


def test_import_loads_no_model_library():
    heavy = {"onnxruntime", "tokenizers", "llama_index", "torch"}
    code = f"import sys, index.encoder, index.embedders; print(sorted({heavy} & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[1])
    assert run.stdout == "[]\n"


def test_hash_encoder_is_the_same_in_every_process():
    encoder = HashEncoder(8)
    assert (encoder.name, encoder.dimension, encoder.window, encoder.count("It's rain, rain.")) == ("hash-8", 8, 256, 4)
    assert encoder.encode(["rain"])[0].tolist() == [0, 0, 0, 0, 0, 0, 0, 1]
    assert encoder.encode(["", "?!"]).tolist() == [[1, 0, 0, 0, 0, 0, 0, 0]] * 2


def test_hash_encoder_refuses_and_cuts_as_the_built_in_does():
    encoder = HashEncoder(window=3)
    with pytest.raises(ValueError, match="4 words exceeds the encoder's window of 3"):
        encoder.encode(["a b c d"])
    np.testing.assert_array_equal(encoder.encode_query("a b c d"), encoder.encode(["a b c"])[0])


@given(st.lists(st.text(max_size=80), max_size=4))
def test_hash_vectors_depend_on_the_words_alone(texts):
    encoder = HashEncoder()
    vectors = encoder.encode(texts)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    np.testing.assert_array_equal(encoder.encode([f"  {text} …" for text in texts]), vectors)
