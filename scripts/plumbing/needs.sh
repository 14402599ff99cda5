# shellcheck shell=bash
# Sourced by set-up and doctor: what the machine has to have before anything is installed. Each check starts what it
# looks for. Where something is wrong it fails, with a sentence in PROBLEM, and in REMEDY the command that mends it.

lacks() { PROBLEM=$1 REMEDY=$2; return 1; }

# install_command APT DNF: the command that installs a package here, given its names for apt and dnf.
install_command() {
  local root='sudo '
  [ "$(id -u)" != 0 ] || root=
  if command -v apt-get > /dev/null; then echo "${root}apt-get update && ${root}apt-get install -y $1"
  elif command -v dnf > /dev/null; then echo "${root}dnf install -y $2"
  else echo "install it by your system's package manager; Debian calls it $1"
  fi
}

# Debian's releases have one or two JDKs each.
install_jdk() {
  local package
  for package in openjdk-17-jdk openjdk-25-jdk openjdk-21-jdk; do
    if [ -n "$(apt-cache policy "$package" 2> /dev/null)" ]; then break; fi
    package=openjdk-17-jdk
  done
  install_command "$package" "'java-devel >= 1:17'"
}

maven_version() { sed 's/\x1b\[[0-9;]*m//g' <<< "$1" | sed -n 's/^Apache Maven \([0-9.]*\).*/\1/p'; }

# at_least NEEDED FOUND: compares versions such as 3.8 and 3.10.1
at_least() { [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" = "$1" ]; }

# The version of a JDK by its program java, such as 17, or nothing if that does not start. Java 8 is 1.8.
jdk_version() {
  "$1" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java.specification.version = \([0-9]*\).*/\1/p' || true
}

javac_of() { echo "$(dirname "$(readlink -f "$1")")/javac"; }

# The first of these programs java that belongs to a JDK of 17 or newer.
first_jdk() {
  local java version
  for java; do
    [ -x "$java" ] && [ -x "$(javac_of "$java")" ] || continue
    version=$(jdk_version "$java")
    if [ -n "$version" ] && [ "$version" -ge 17 ]; then echo "$java"; return; fi
  done
  return 1
}

# What has to be done to have a JDK that fits.
other_jdk() {
  local java
  if [ -n "${JAVA_HOME:-}" ] && first_jdk "$(command -v java)" > /dev/null; then echo "unset JAVA_HOME"
  elif java=$(first_jdk /usr/lib/jvm/*/bin/java /opt/*/bin/java); then echo "export JAVA_HOME='${java%/bin/java}'"
  else echo "${JAVA_HOME:+unset JAVA_HOME; }$(install_jdk)"
  fi
}

check_jdk() {
  local version said options
  if [ -z "$JAVA" ]; then lacks "No JDK found: there is no java on the path" "$(other_jdk)"; return; fi
  if [ ! -x "$JAVA" ]; then lacks "No JDK found in JAVA_HOME=$JAVA_HOME" "$(other_jdk)"; return; fi
  version=$(jdk_version "$JAVA")
  if [ -z "$version" ]; then
    said=$("$JAVA" -version 2>&1 | grep -Ev '^(NOTE: )?Picked up' | head -n 1 || true)
    options=$(unset_options)
    if [ -n "$options" ]; then lacks "Java does not start with the options in ${options#unset }: $said" "$options"
    else lacks "$JAVA does not start: ${said:-it says nothing}" "$(other_jdk)"
    fi
  elif [ "$version" -lt 17 ]; then
    [ "$version" != 1 ] || version=8
    lacks "The JDK of $JAVA is version $version; 17 or newer is needed" "$(other_jdk)"
  elif [ ! -x "$(javac_of "$JAVA")" ]; then
    lacks "No JDK found: $JAVA belongs to a JRE alone, without javac" "$(other_jdk)"
  fi
}

# Which of Java's variables keep it from starting.
unset_options() {
  local name
  for name in JDK_JAVA_OPTIONS JAVA_TOOL_OPTIONS _JAVA_OPTIONS; do
    if [ -n "${!name:-}" ] && [ -n "$(unset "$name"; jdk_version "$JAVA")" ]; then echo "unset $name"; return; fi
  done
}

check_maven() {
  local said version
  command -v mvn > /dev/null || { lacks "Maven is missing" "$(install_command maven maven)"; return; }
  said=$(mvn -version 2>&1 || true)
  version=$(maven_version "$said")
  if [ -z "$version" ]; then
    said=$(head -n 1 <<< "$said")
    if [ -n "${MAVEN_OPTS:-}" ] && [ -n "$(maven_version "$(unset MAVEN_OPTS; mvn -version 2>&1 || true)")" ]; then
      lacks "Maven does not start with MAVEN_OPTS=$MAVEN_OPTS: $said" "unset MAVEN_OPTS"
    else lacks "Maven, $(command -v mvn), does not start: ${said:-it says nothing}" "take it off the path; then $(install_command maven maven)"
    fi
  elif ! at_least 3.8 "$version"; then
    lacks "Maven is version $version; 3.8 or newer is needed" "$(install_command maven maven)"
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

check_python() {
  local python install
  install=$(install_command 'python3 python3-venv' python3)
  [ -z "${PYTHON:-}" ] || ! (unset PYTHON; check_python) || install="unset PYTHON"
  python=$(find_python) || { lacks "No Python of version 3.10 or newer found${PYTHON:+ at PYTHON=$PYTHON}" "$install"; return; }
  PYTHON=$python
  "$python" -c 'import venv, ensurepip' 2> /dev/null || is_ready_made \
    || lacks "Python cannot make environments: $python lacks venv or ensurepip" "$install"
}

# The C++ compiler of this machine, or nothing: $CXX and no other where that is set. It has to compile and link.
find_compiler() {
  local candidate candidates=(g++ clang++)
  [ -z "${CXX:-}" ] || candidates=("$CXX")
  for candidate in "${candidates[@]}"; do
    if compiles "$candidate"; then command -v "$candidate"; return; fi
  done
  return 1
}

compiles() {
  local folder result=0
  folder=$(mktemp -d)
  printf '#include <string>\nstd::string text;\n' | "$1" -x c++ -fPIC -shared -o "$folder/library" - > /dev/null 2>&1 || result=$?
  rm -r "$folder"
  return "$result"
}
