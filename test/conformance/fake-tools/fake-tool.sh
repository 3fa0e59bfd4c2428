#!/usr/bin/env bash
# Stands in for every tool of tools.tsv: it is linked under each name there, into a folder that stands first in PATH.
# It sleeps as long as the table says (hours, FAKE_SECONDS_PER_HOUR each, 1 unless set) and then writes each output that the command
# names, those that the tool names by itself, or stdout if there is none. What it writes is a digest of the tool, of its arguments but
# those for threads and memory, and of the content of each file or folder that it opens: in any order, as merges of real tools are.
# A command that the table does not know ends with 127, so that nothing is faked by guesswork.
set -euo pipefail
tool=${0##*/}
table=$(dirname "$(readlink -f "$0")")/tools.tsv

digest() { sha256sum | cut -d ' ' -f 1; }
content_of() {
  if [ -d "$1" ]; then
    (cd "$1" && find -L . -type f | LC_ALL=C sort | while IFS= read -r file; do echo "$file $(digest <"$file")"; done) | digest
  else
    digest <"$1"
  fi
}

# The row of the table whose subcommand is one of the arguments; `-` where a tool has none.
row=
while IFS=$'\t' read -r name subcommand hours outputs ignored; do
  [ "$name" = "$tool" ] || continue
  for word in - "$@"; do
    [ "$word" != "$subcommand" ] || row=yes
  done
  [ -z "$row" ] || break
done < <(grep -v '^#' "$table")
[ -n "$row" ] || { echo "$tool: not in $table: $*" >&2; exit 127; }

sleep "$(awk -v h="$hours" -v s="${FAKE_SECONDS_PER_HOUR:-1}" 'BEGIN { print h * s }')"

has() { case ",$1," in *",$2,"*) return 0 ;; *) return 1 ;; esac; }
facts=("$tool $subcommand")
files=()
folders=()
opened=
last=${!#}
expects=
for word in "$@"; do
  case $expects in
    output) files+=("$word") facts+=("to ${word##*/}") expects= ; continue ;;
    folder) folders+=("$word") facts+=("to ${word##*/}") expects= ; continue ;;
    nothing) expects= ; continue ;;
  esac
  path=${word#gendb://}
  if has "$ignored" "$word"; then expects=nothing
  elif has "$outputs" "$word"; then expects=output
  elif has "$outputs" "folder:$word"; then expects=folder
  elif [ "${word#-Xm}" != "$word" ]; then :
  elif [ "$word" = - ]; then facts+=("$(digest)") opened=yes
  elif has "$outputs" last && [ "$word" = "$last" ]; then files+=("$word") facts+=("to ${word##*/}")
  elif [ -e "$path" ]; then facts+=("${path##*/} $(content_of "$path")") opened=yes
  else facts+=("$word")
  fi
done
if has "$outputs" beside; then files+=("$last.tbi"); fi
if has "$outputs" stdin && [ -z "$opened" ]; then facts+=("$(digest)"); fi
all=$(printf '%s\n' "${facts[@]}" | LC_ALL=C sort | digest)

# One line of fields that all carry the digest, the first but as `bcftools roh` has it: awk and cut of a pipeline keep something of it.
line() { local d; d=$(echo "$all $1" | digest); printf 'RG\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "$d" "$d" "$d" "$d" "$d" "$d" "$d" "$d" "$d" "$d"; }
for file in "${files[@]}"; do
  line "${file##*/}" >"$file"
  if [[ " $* " == *' --write-index=tbi '* ]]; then line "${file##*/}.tbi" >"$file.tbi"; fi
  case $tool:$file in
    gatk:*.vcf.gz) line "${file##*/}.tbi" >"$file.tbi" ;;
    gatk:*.bam) if [[ " $* " == *' --create-output-bam-index true '* ]]; then line "${file##*/}.bai" >"${file%.bam}.bai"; fi ;;
  esac
done
for folder in "${folders[@]}"; do
  mkdir -p "$folder"
  line content >"$folder/content"
done
if has "$outputs" stdout || [ $((${#files[@]} + ${#folders[@]})) -eq 0 ]; then line stdout; fi
