# shellcheck shell=bash
# Sourced by set-up and doctor: whether what set-up has made is whole. It can be killed at any moment, and files get lost.

# An environment of Python lists its files with their sizes in ovchat-files. What Python compiles later is not in it, nor
# are the settings, which set-up brings up to date by itself.
list_files() {
  (cd "$1" && find . \( -name __pycache__ -o -path ./share/jupyter/lab/settings -o -path ./etc/jupyter \) -prune \
    -o ! -name 'ovchat-*' \( -type f -o -type l \) -printf '%s %p\n') | LC_ALL=C sort
}

write_list() {
  list_files "$1" > "$1/ovchat-files.new"
  mv "$1/ovchat-files.new" "$1/ovchat-files"
}

# The first file of the environment FOLDER that is lost or of another size than set-up left it; nothing if all are there.
lost_file() {
  [ -x "$1/bin/python" ] || { echo bin/python; return; }
  [ -f "$1/ovchat-files" ] || return 0
  list_files "$1" | LC_ALL=C comm -23 "$1/ovchat-files" - \
    | sed -nE '/ \.\/(share\/jupyter\/lab\/settings|etc\/jupyter)\//d; s/^[0-9]* \.\///p' | sed -n 1p # to the end of its input: a broken pipe would end the script
}

# The mark that stays where a build of the jar was killed.
BUILDING=${JAR%/*}/building

# What keeps the helper jar and those it needs from being whole, in words; nothing if they are.
jar_problem() {
  if [ -e "$BUILDING" ]; then echo "building $JAR did not finish"
  elif [ ! -f "$JAR" ]; then echo "there is no $JAR"
  else "$VENV/bin/python" -IS "$ROOT/scripts/plumbing/whole_jars.py" "$JAR"
  fi
}
