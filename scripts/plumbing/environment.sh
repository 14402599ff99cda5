# shellcheck shell=bash disable=SC2034 # the other scripts use what is set here
# Sourced by the other scripts: where everything is. It ends them on a system that they are not for.
#
#   OVCHAT_HOME   everything that set-up installs but the jars and SmolLM2 (default: .ovchat in the project)
#   OVCHAT_WORK   everything that one user's runs write (default: $OVCHAT_HOME, or a folder of the user
#                 where that is read-only, since then it serves many)
#   OVCHAT_CACHE  where native libraries are unpacked (default: $OVCHAT_WORK/cache)

say() { printf '%s\n' "$*" >&2; }
fail() { say "ovchat: $*"; exit 1; }

# usage "$@": what a script says of itself at its top, where it is asked for that.
usage() {
  case ${1:-} in
    --help | -h) sed -n '2,/^set /{/^#/s/^# \{0,1\}//p;}' "$0"; exit ;;
  esac
}

# Up to here and in this function there is nothing that bash 3.2 and the commands of other systems do not know.
check_system() {
  local system programs=
  system="$(uname -s) on $(uname -m)"
  case $system in
    "Linux on x86_64" | "Linux on aarch64")
      # Other C libraries, such as Alpine's musl, do not know the name GNU_LIBC_VERSION.
      if [ "$(getconf LONG_BIT 2> /dev/null || echo 64)" != 64 ]; then system="Linux with programs of 32 bits"
      elif command -v getconf > /dev/null && ! getconf GNU_LIBC_VERSION > /dev/null 2>&1; then system="Linux without glibc"
      else return 0
      fi
      ;;
    "Darwin on arm64" | MINGW*" on x86_64" | MSYS*" on x86_64")
      programs=" Java programs run without the scripts, by jars that are made on Linux and were not tried here: lib/samples/README.md says how."
      ;;
  esac
  fail "This is $system, and ovchat's scripts need Linux on x86-64 or arm64 with glibc (Debian, Ubuntu, Fedora …): on Windows take WSL 2, elsewhere a Linux container.$programs"
}
check_system

# can_write FOLDER: it can be written, or made.
can_write() {
  local folder=$1
  until [ -e "$folder" ]; do folder=$(dirname "$folder"); done
  [ -d "$folder" ] && [ -w "$folder" ]
}

# free_megabytes FOLDER: how much its disk still takes; the folder need not be there yet.
free_megabytes() {
  local folder=$1
  until [ -e "$folder" ]; do folder=$(dirname "$folder"); done
  df --output=avail -BM "$folder" | tr -dc '0-9' || true
}

default_work() {
  if can_write "$OVCHAT_HOME"; then echo "$OVCHAT_HOME"
  elif [ -d "${HOME:-}" ] && can_write "$HOME/ovchat-work"; then echo "$HOME/ovchat-work"
  else echo "${TMPDIR:-/tmp}/ovchat-work-$(id -u)"
  fi
}

# A bundle, or an installation that others look after: there is nothing to install, or no way to.
is_ready_made() { [ -e "$OVCHAT_HOME/bundled" ] || ! can_write "$OVCHAT_HOME"; }

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
source "$ROOT/scripts/plumbing/utf8"
# The kernel runs in notebooks/, so all of them have to be absolute.
OVCHAT_HOME=$(realpath -m "${OVCHAT_HOME:-$ROOT/.ovchat}")
OVCHAT_WORK=$(realpath -m "${OVCHAT_WORK:-$(default_work)}")
OVCHAT_CACHE=$(realpath -m "${OVCHAT_CACHE:-$OVCHAT_WORK/cache}")
export OVCHAT_HOME OVCHAT_WORK OVCHAT_CACHE
for folder in "$ROOT" "$OVCHAT_HOME" "$OVCHAT_WORK"; do
  case $folder in
    *:*) fail "The path $folder has a colon, and neither Python's environments nor Java's class paths can hold one. Choose a folder without." ;;
  esac
done
VENV=$OVCHAT_HOME/venv
VENV_EXPORT=$OVCHAT_HOME/venv-export
VENV_GENAI=$OVCHAT_HOME/venv-genai
VENV_HUB=$OVCHAT_HOME/venv-hub
VENV_BROWSER=$OVCHAT_HOME/venv-browser
VENV_COMPILER=$OVCHAT_HOME/venv-compiler
VENV_LLAMA_CPP=$OVCHAT_HOME/venv-llama-cpp
VENV_SPARK=$OVCHAT_HOME/venv-spark
VENV_SYSTEMS=$OVCHAT_HOME/venv-systems
# Where notebooks run, and export models to.
NOTEBOOKS=$ROOT/notebooks
[ -w "$NOTEBOOKS" ] || NOTEBOOKS=$OVCHAT_WORK/notebooks
SMOLLM2_FILE=SmolLM2-135M-Instruct.Q4_1.gguf
JAR=$ROOT/lib/ovchat-notebook/target/ovchat-notebook.jar
CLASS_PATH="$JAR:${JAR%/*}/dependency/*"

# The home directory may be read-only: Jupyter writes nothing there, and below it is not used at all then.
export JUPYTER_CONFIG_DIR=${JUPYTER_CONFIG_DIR:-$OVCHAT_WORK/jupyter/config}
export JUPYTER_DATA_DIR=${JUPYTER_DATA_DIR:-$OVCHAT_WORK/jupyter/data}
export JUPYTER_RUNTIME_DIR=${JUPYTER_RUNTIME_DIR:-$OVCHAT_WORK/jupyter/runtime}
export JUPYTER_PREFER_ENV_PATH=1
export IPYTHONDIR=${IPYTHONDIR:-$OVCHAT_WORK/jupyter/ipython}
# The kernel spec names this user's folders. It comes before the one that JJava's package brings.
KERNEL=$OVCHAT_WORK/jupyter/share/kernels/java
export JUPYTER_PATH=$OVCHAT_WORK/jupyter/share${JUPYTER_PATH:+:$JUPYTER_PATH}
# The Python of a bundle is no virtual environment: packages in the home directory would come first.
export PYTHONNOUSERSITE=1
# Images of containers often tell Python to keep nothing that it has compiled. Then each start of a program with torch
# compiles thousands of modules anew, and takes twice as long.
unset PYTHONDONTWRITEBYTECODE
export DJL_CACHE_DIR=${DJL_CACHE_DIR:-$OVCHAT_CACHE/djl}
# Nothing that runs here reports what it is used for. OpenVINO's Python tools do, unasked, unless they take this for a CI
# run: the only switch that writes no file into the home directory. Each report forks the process, and with them an
# export by optimum-cli took twice as long.
export DJL_OFFLINE=true OPT_OUT_TRACKING=true HF_HUB_DISABLE_TELEMETRY=1 TF_BUILD=ovchat

MAVEN=(mvn -B -ntp -Dstyle.color=never -f "$ROOT/pom.xml" "-Dopenvino.home=$OVCHAT_HOME/openvino")
if [ ! -d "${HOME:-}" ] || [ ! -w "$HOME" ]; then
  MAVEN+=("-Dmaven.repo.local=$OVCHAT_HOME/m2")
  export PIP_CACHE_DIR=$OVCHAT_WORK/pip-cache HF_HOME=${HF_HOME:-$OVCHAT_WORK/huggingface}
fi

if [ -n "${JAVA_HOME:-}" ]; then
  JAVA=$JAVA_HOME/bin/java
else
  JAVA=$(command -v java || true)
fi

# Set but empty means not set.
for name in MODEL_DIR CHECKPOINT DEVICE OPENVINO_LIBS; do
  [ -n "${!name:-}" ] || unset "$name"
done

# Notebooks that cannot be written run in a folder of the user's own. What they name as ../environment is linked, and so
# is each model, which is large and only read: others can be exported beside it.
make_notebooks_folder() {
  local model
  [ "$NOTEBOOKS" != "$ROOT/notebooks" ] || return 0
  ! [ -L "$NOTEBOOKS/model" ] || rm "$NOTEBOOKS/model" # an earlier version's link to all of them
  mkdir -p "$NOTEBOOKS/model"
  ln -sfn "$ROOT/environment" "$OVCHAT_WORK/environment"
  [ -d "$ROOT/notebooks/model" ] || return 0
  (cd "$ROOT/notebooks/model" && find -L . -name openvino_model.xml -printf '%h\0') | while IFS= read -r -d '' model; do
    if [ -d "$NOTEBOOKS/model/$model" ]; then continue; fi
    mkdir -p "$(dirname "$NOTEBOOKS/model/$model")"
    ln -sfn "$(realpath "$ROOT/notebooks/model/$model")" "$NOTEBOOKS/model/$model"
  done
}

# The system's Chromium or Chrome, or nothing.
find_chromium() {
  local candidate
  for candidate in chromium chromium-browser google-chrome; do
    command -v "$candidate" && return
  done
  return 1
}

# make_temporary PREFIX: $work, a folder called so for this run, which is gone when the script ends. Folders that killed
# runs left behind go before: the lock of one that still runs is held, also by the programs that it has started.
make_temporary() {
  local old
  mkdir -p "$(dirname "$1")"
  for old in "$1".*; do
    if [ -d "$old" ]; then flock --nonblock "$old" rm -rf "$old" || true; fi
  done
  work=$(mktemp -d "$1.XXXXXX")
  exec 7< "$work"
  flock 7
  trap 'rm -rf "$work"' EXIT
}

# compile_java SOURCE: a script's own Java program; CLASSPATH is then all that it needs to run.
compile_java() {
  make_temporary "$OVCHAT_WORK/classes"
  "$(dirname "$(readlink -f "$JAVA")")/javac" -d "$work" -cp "$CLASS_PATH" "$1"
  export CLASSPATH=$work:$CLASS_PATH
}
