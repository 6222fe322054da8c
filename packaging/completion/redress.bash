# Completion of redress in bash: verbs, options, choices, files. Written by the program's own test (REDRESS_UPDATE=1); do not edit.
_redress() {
  local word="${COMP_WORDS[COMP_CWORD]}" previous="${COMP_WORDS[COMP_CWORD-1]}" verb="" words="" files="" at
  for (( at = 1; at < COMP_CWORD; at++ )); do
    [[ "${COMP_WORDS[at]}" == -* ]] && break
    case "$verb" in
      "") verb="${COMP_WORDS[at]}" ;;
      'case'|'task'|'workflow'|'person') verb+=" ${COMP_WORDS[at]}" ;;
      *) break ;;
    esac
  done
  case "$verb $previous" in
    'run --db') files=-f ;;
    'run --clock') words="real virtual" ;;
    'run --seed') : ;;
    'run --workflows') files=-d ;;
    'run --plugins') files=-d ;;
    'run --department-config') files=-f ;;
    'run --posts') files=-f ;;
    'run --outbox') files=-f ;;
    'run --people') files=-f ;;
    'run --until') : ;;
    'check --plugins') files=-d ;;
    'check --format') words="text json" ;;
    'case list --db') files=-f ;;
    'case show --db') files=-f ;;
    'case retry --db') files=-f ;;
    'case retry --clock') words="real virtual" ;;
    'case retry --seed') : ;;
    'case retry --as') : ;;
    'case retry --request-id') : ;;
    'case skip --db') files=-f ;;
    'case skip --clock') words="real virtual" ;;
    'case skip --seed') : ;;
    'case skip --as') : ;;
    'case skip --request-id') : ;;
    'why --db') files=-f ;;
    'tasks --role') : ;;
    'tasks --db') files=-f ;;
    'audit --db') files=-f ;;
    'export --db') files=-f ;;
    'decide --outcome') words="done declined failed revoked" ;;
    'decide --evidence') : ;;
    'decide --reason') : ;;
    'decide --db') files=-f ;;
    'decide --clock') words="real virtual" ;;
    'decide --seed') : ;;
    'decide --as') : ;;
    'decide --request-id') : ;;
    'approve --db') files=-f ;;
    'approve --clock') words="real virtual" ;;
    'approve --seed') : ;;
    'approve --as') : ;;
    'approve --request-id') : ;;
    'review --db') files=-f ;;
    'review --clock') words="real virtual" ;;
    'review --seed') : ;;
    'review --as') : ;;
    'review --request-id') : ;;
    'event --form') : ;;
    'event --db') files=-f ;;
    'event --clock') words="real virtual" ;;
    'event --seed') : ;;
    'event --as') : ;;
    'event --request-id') : ;;
    'settle --db') files=-f ;;
    'settle --clock') words="real virtual" ;;
    'settle --seed') : ;;
    'settle --as') : ;;
    'settle --request-id') : ;;
    'settle --waive') : ;;
    'task done --note') : ;;
    'task done --db') files=-f ;;
    'task done --clock') words="real virtual" ;;
    'task done --seed') : ;;
    'task done --as') : ;;
    'task done --request-id') : ;;
    'say --text') : ;;
    'say --claim') : ;;
    'say --language') : ;;
    'say --db') files=-f ;;
    'say --clock') words="real virtual" ;;
    'say --seed') : ;;
    'say --as') : ;;
    'say --request-id') : ;;
    'report --html') files=-f ;;
    'report --db') files=-f ;;
    'workflow publish --db') files=-f ;;
    'workflow publish --clock') words="real virtual" ;;
    'workflow publish --seed') : ;;
    'workflow publish --plugins') files=-d ;;
    'workflow activate --db') files=-f ;;
    'workflow activate --clock') words="real virtual" ;;
    'workflow activate --seed') : ;;
    'workflow pause --db') files=-f ;;
    'workflow pause --clock') words="real virtual" ;;
    'workflow pause --seed') : ;;
    'workflow resume --db') files=-f ;;
    'workflow resume --clock') words="real virtual" ;;
    'workflow resume --seed') : ;;
    'workflow list --db') files=-f ;;
    'person add --db') files=-f ;;
    'person add --clock') words="real virtual" ;;
    'person add --seed') : ;;
    'person add --role') : ;;
    'person list --db') files=-f ;;
    *) case "$verb" in
    '') words="run check case why tasks audit export version decide approve review event settle task say report workflow person --version --help" ;;
    'run') words="--db --clock --seed --workflows --plugins --department-config --posts --outbox --people --until --help" ;;
    'check') words="--plugins --format --json --help" files=-f ;;
    'case') words="list show retry skip --help" ;;
    'case list') words="--db --json --help" ;;
    'case show') words="--db --json --help" ;;
    'case retry') words="--db --clock --seed --as --request-id --help" ;;
    'case skip') words="--db --clock --seed --as --request-id --help" ;;
    'why') words="--db --json --help" ;;
    'tasks') words="--role --db --json --help" ;;
    'audit') words="--db --json --help" ;;
    'export') words="--db --json --help" ;;
    'version') words="--json --help" ;;
    'decide') words="--outcome --evidence --reason --db --clock --seed --as --request-id --help" ;;
    'approve') words="--db --clock --seed --as --request-id --approve --refuse --help" ;;
    'review') words="--db --clock --seed --as --request-id --approve --refuse --help" ;;
    'event') words="--form --db --clock --seed --as --request-id --help" ;;
    'settle') words="--db --clock --seed --as --request-id --again --published --waive --help" ;;
    'task') words="done --help" ;;
    'task done') words="--note --db --clock --seed --as --request-id --help" ;;
    'say') words="--text --claim --language --db --clock --seed --as --request-id --help" ;;
    'report') words="--html --db --json --help" ;;
    'workflow') words="publish activate pause resume list --help" ;;
    'workflow publish') words="--db --clock --seed --plugins --help" files=-f ;;
    'workflow activate') words="--db --clock --seed --help" ;;
    'workflow pause') words="--db --clock --seed --replies --help" ;;
    'workflow resume') words="--db --clock --seed --replies --help" ;;
    'workflow list') words="--db --json --help" ;;
    'person') words="add list --help" ;;
    'person add') words="--db --clock --seed --role --help" ;;
    'person list') words="--db --json --help" ;;
    esac ;;
  esac
  local IFS=$' \t\n'
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word"; [[ -n "$files" && "$word" != -* ]] && compgen $files -- "$word")
  [[ -n "$files" ]] && compopt -o filenames 2>/dev/null
  return 0
}
complete -F _redress redress
