package cli

import (
	"os"

	"muster/internal/source/resume"
)

// Option changes how [Main] runs.
type Option func(*env)

// InChildren opens documents from strangers in child processes of the same program,
// which have limits and no way out. Programs that are not the command line itself,
// such as tests, leave it out: they would start themselves.
func InChildren() Option {
	return func(e *env) {
		if self, err := os.Executable(); err == nil {
			e.documents = []string{self, os.Args[0], "internal-documents"}
		}
	}
}

// documentsCmd is the child: documents come on standard input, what they say goes to
// standard output.
type documentsCmd struct{}

func (c *documentsCmd) Run(*env) error {
	return resume.Serve(os.Stdin, os.Stdout, true)
}
