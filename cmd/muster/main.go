// Command muster finds fraudulent remote workers in the exports a company
// already has. See muster --help.
package main

import (
	"os"

	"muster/internal/cli"
)

func main() {
	os.Exit(cli.Main(os.Args[1:], os.Stdout, os.Stderr, cli.InChildren()))
}
