"""Serves a model by llama.cpp's own server on a free port of this machine, until its standard input is closed.

Run by the Python of `.venv-inference`, which has xllamacpp and nothing of Dateline: `python inference_server.py MODEL WINDOW TOKENS`.
"""

import os
import sys

import xllamacpp

params = xllamacpp.CommonParams()
params.model.path, params.n_ctx, params.n_predict = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
params.hostnames, params.port, params.n_parallel, params.warmup, params.ui = ["127.0.0.1"], 0, 1, False, False
params.sampling.seed = 1
params.cpuparams.n_threads = 1
server = xllamacpp.Server(params)
sys.stdout.write(f"{server.listening_address}\n")
sys.stdout.flush()
sys.stdin.read()
os._exit(0)  # the server's threads would hold the process
