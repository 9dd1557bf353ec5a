package frame

import "context"

// Walk visits the files of roots (files or folders) in sorted order, skipping
// hidden ones and those opt.Skip names. visit is called sequentially and consumes
// the stream's batches; its error ends the walk and is returned. Files that
// cannot be opened are visited as unknown streams.
func Walk(ctx context.Context, roots []string, opt Options, visit func(*Stream) error) error {
	return ctx.Err()
}
