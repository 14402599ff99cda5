# Sourced by scripts/build_module: what decides about the module's bytes beside the sources.
WANTED="rustc 1.96.0 (ac68faa20 2026-05-25) (built from a source tarball)"
# 64 MiB of memory at most.
FLAGS="-Zlocation-detail=none -Zunstable-options -Cpanic=immediate-abort -Clink-arg=--max-memory=67108864"
