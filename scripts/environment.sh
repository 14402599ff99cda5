# Sourced by the other scripts: where everything is, and nothing else.
#
#   OVCHAT_HOME   everything that set-up installs (default: .ovchat in the project)
#   OVCHAT_WORK   everything that one user's runs write (default: $OVCHAT_HOME, or a folder of the user
#                 where that is read-only, since then it serves many)
#   OVCHAT_CACHE  where native libraries are unpacked (default: $OVCHAT_WORK/cache)

# can_write FOLDER: it can be written, or made.
can_write() {
  local folder=$1
  until [ -e "$folder" ]; do folder=$(dirname "$folder"); done
  [ -d "$folder" ] && [ -w "$folder" ]
}

default_work() {
  if can_write "$OVCHAT_HOME"; then echo "$OVCHAT_HOME"
  elif [ -d "${HOME:-}" ] && can_write "$HOME/ovchat-work"; then echo "$HOME/ovchat-work"
  else echo "${TMPDIR:-/tmp}/ovchat-work-$(id -u)"
  fi
}

# A bundle, or an installation that others look after: there is nothing to install, or no way to.
is_ready_made() { [ -e "$OVCHAT_HOME/bundled" ] || ! can_write "$OVCHAT_HOME"; }

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# The kernel runs in notebooks/, so all of them have to be absolute.
export OVCHAT_HOME=$(realpath -m "${OVCHAT_HOME:-$ROOT/.ovchat}")
export OVCHAT_WORK=$(realpath -m "${OVCHAT_WORK:-$(default_work)}")
export OVCHAT_CACHE=$(realpath -m "${OVCHAT_CACHE:-$OVCHAT_WORK/cache}")
VENV=$OVCHAT_HOME/venv
VENV_EXPORT=$OVCHAT_HOME/venv-export
VENV_GENAI=$OVCHAT_HOME/venv-genai
VENV_HUB=$OVCHAT_HOME/venv-hub
VENV_BROWSER=$OVCHAT_HOME/venv-browser
# Where notebooks run, and export models to.
NOTEBOOKS=$ROOT/notebooks
[ -w "$NOTEBOOKS" ] || NOTEBOOKS=$OVCHAT_WORK/notebooks
JAR=$ROOT/lib/ovchat/target/ovchat.jar
CLASS_PATH="$JAR:$ROOT/lib/ovchat/target/dependency/*"

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
export DJL_CACHE_DIR=${DJL_CACHE_DIR:-$OVCHAT_CACHE/djl}
export DJL_OFFLINE=true OPT_OUT_TRACKING=true

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

say() { printf '%s\n' "$*" >&2; }
fail() { say "ovchat: $*"; exit 1; }

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

# The command that installs a package here, given its names for apt, dnf and brew.
install_command() {
  if command -v apt-get > /dev/null; then echo "sudo apt-get install -y $1"
  elif command -v dnf > /dev/null; then echo "sudo dnf install -y $2"
  else echo "brew install $3"
  fi
}

# A Python of 3.10 or newer: $PYTHON and no other where that is set, else the first one found.
# What is ready made has its own.
find_python() {
  local candidate candidates=(python3 python3.13 python3.12 python3.11 python3.10)
  [ -z "${PYTHON:-}" ] || candidates=("$PYTHON")
  ! is_ready_made || candidates=("$VENV/bin/python")
  for candidate in "${candidates[@]}"; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2> /dev/null; then
      command -v "$candidate"
      return
    fi
  done
  return 1
}

# The system's Chromium or Chrome, or nothing.
find_chromium() {
  local candidate
  for candidate in chromium chromium-browser google-chrome; do
    command -v "$candidate" && return
  done
  return 1
}

# The C++ compiler of this machine, or nothing; $CXX overrides.
find_compiler() {
  local candidate
  for candidate in ${CXX:+"$CXX"} g++ clang++; do
    command -v "$candidate" && return
  done
  return 1
}

# The compiler for the preset's JNI library: the machine's, or else the one of the Python package ziglang.
preset_compiler() {
  find_compiler && return
  "$VENV/bin/python" -m ziglang version > /dev/null 2>&1 || {
    say "No C++ compiler found: taking the one of the Python package ziglang …"
    "$VENV/bin/python" -m pip install --quiet --requirement "$ROOT/environment/requirements-compiler.txt" >&2
  }
  echo "$ROOT/scripts/zig-c++"
}

maven_version() { mvn -version 2> /dev/null | sed 's/\x1b\[[0-9;]*m//g' | sed -n '1s/^Apache Maven \([0-9.]*\).*/\1/p'; }

# at_least NEEDED FOUND: compares versions such as 3.8 and 3.10.1
at_least() { [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" = "$1" ]; }

jdk_version() { "$JAVA" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java.specification.version = //p'; }

# compile_java SOURCE: a script's own Java program; CLASSPATH is then all that it needs to run.
compile_java() {
  local classes=$OVCHAT_HOME/classes
  mkdir -p "$classes"
  "$(dirname "$(readlink -f "$JAVA")")/javac" -d "$classes" -cp "$CLASS_PATH" "$1"
  export CLASSPATH=$classes:$CLASS_PATH
}
