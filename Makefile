# Tenure: demo · test · lint · bench · bench-health · companies · forecasts · torture · fuzz. `make demo` and `make test` install what they need.

SHELL  := /bin/bash
CARGO  ?= cargo
TENURE  = $(CARGO) run --quiet --bin tenure --
PYTHON  = .cache/python/bin/python

export TENURE_DATA ?= $(abspath ../shared/data)
export TENURE_DUCKDB_PYTHON ?= $(abspath $(PYTHON))

.PHONY: demo test lint fmt bench bench-health companies forecasts torture fuzz fuzz-tools python tools clean-demo

## Makes the demo company, imports it and prints its board; not over definitions that somebody wrote into the last one.
demo:
	@for own in tenure-demo/metrics tenure-demo/derived tenure-demo/board.toml; do \
	  [ ! -e $$own ] || { echo "$$own is yours: move it away, or make clean-demo"; exit 1; }; \
	done
	$(CARGO) build --bin tenure
	rm -rf tenure-demo
	$(TENURE) demo tenure-demo

## Every test, with the independent engine that some compare with.
test: python tools
	$(CARGO) test --workspace --no-fail-fast

## Formatting and lints, as CI runs them.
lint:
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets -- -D warnings

fmt:
	$(CARGO) fmt --all

## Import and report beside DuckDB doing the same work, as ratios.
bench: python
	bench/run

## The long forms of what `make test` does briefly: 200 kills, a 5 GB file under 1 GiB of memory.
torture: python tools
	tests/torture/run

## Twenty companies of 3,000 accounts, each judged out of time: scorecard against recency of use, churn models against the scorecard.
companies:
	$(CARGO) build --bin tenure
	$(CARGO) test -p tenure-tests --test companies -- --ignored --nocapture

## The forecasts of sixteen companies of 600 accounts, made again as of each past quarter and held against what came.
forecasts:
	$(CARGO) build --bin tenure
	$(CARGO) test -p tenure-tests --test forecasts -- --ignored --nocapture

## One more day of health for 100,000 accounts, after 30 nights and after 365.
bench-health:
	$(CARGO) build --bin tenure --example nights
	python3 -B bench/health.py --tenure $${CARGO_TARGET_DIR:-target}/debug/tenure --nights $${CARGO_TARGET_DIR:-target}/debug/examples/nights

## Each reader of what a person writes, five minutes under a fuzzer. What it finds that is new stays in fuzz/found, what breaks in
## fuzz/artifacts; mended, it goes to fuzz/corpus, which `make test` replays.
fuzz: fuzz-tools
	@for target in $(FUZZ_TARGETS); do \
	  mkdir -p fuzz/found/$$target; \
	  echo "fuzzing $$target for $(FUZZ_SECONDS) s"; \
	  $(CARGO) +nightly fuzz run $$target fuzz/found/$$target fuzz/corpus/$$target $$(fuzz/seeds $$target) -- \
	    -max_total_time=$(FUZZ_SECONDS) -timeout=10 -rss_limit_mb=1024 -max_len=24000 \
	    -dict=fuzz/dictionaries/$$target.txt -print_final_stats=1 || exit 1; \
	done

FUZZ_TARGETS ?= period settings mapping metric derived
FUZZ_SECONDS ?= 300

fuzz-tools:
	@rustup toolchain list | grep -q nightly || rustup toolchain install nightly --profile minimal
	@command -v cargo-fuzz > /dev/null || $(CARGO) +nightly install cargo-fuzz --locked

# The sync test watches system calls; without strace it says that it was skipped.
tools:
	@command -v strace > /dev/null || (apt-get update -qq && apt-get install -y -qq strace) || echo "no strace: the sync test will be skipped"

python: $(PYTHON)

$(PYTHON): requirements.txt
	python3 -m venv .cache/python || (apt-get install -y python3-venv && python3 -m venv .cache/python)
	.cache/python/bin/pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $(PYTHON)

clean-demo:
	rm -rf tenure-demo
