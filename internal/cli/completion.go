package cli

import (
	"fmt"
	"strings"
)

type completionCmd struct {
	Shell string `arg:"" enum:"bash,zsh,fish" help:"bash, zsh or fish."`
}

// Run prints a script that completes commands and flags; arguments complete as files.
func (c *completionCmd) Run(e *env) error {
	words := map[string][]string{}
	var top []string
	for _, n := range e.parser.Model.Children {
		if n.Hidden {
			continue
		}
		top = append(top, n.Name)
		for _, sub := range n.Children {
			words[n.Name] = append(words[n.Name], sub.Name)
		}
		for _, f := range n.Flags {
			words[n.Name] = append(words[n.Name], "--"+f.Name)
		}
	}
	if c.Shell == "fish" {
		fmt.Fprintf(e.stdout, "complete -c muster -n __fish_use_subcommand -a %q\n", strings.Join(top, " "))
		for _, name := range top {
			if len(words[name]) > 0 {
				fmt.Fprintf(e.stdout, "complete -c muster -n '__fish_seen_subcommand_from %s' -a %q\n", name, strings.Join(words[name], " "))
			}
		}
		return nil
	}
	if c.Shell == "zsh" {
		fmt.Fprintln(e.stdout, "autoload -U +X bashcompinit && bashcompinit")
	}
	fmt.Fprintln(e.stdout, "_muster() {\n  local cur=${COMP_WORDS[COMP_CWORD]} words\n  case ${COMP_WORDS[1]} in")
	for _, name := range top {
		if len(words[name]) > 0 {
			fmt.Fprintf(e.stdout, "    %s) words=%q ;;\n", name, strings.Join(words[name], " "))
		}
	}
	fmt.Fprintf(e.stdout, "  esac\n  [ \"$COMP_CWORD\" -eq 1 ] && words=%q\n", strings.Join(top, " "))
	fmt.Fprintln(e.stdout, "  COMPREPLY=( $(compgen -W \"$words\" -- \"$cur\") $(compgen -f -- \"$cur\") )\n}\ncomplete -F _muster muster")
	return nil
}
