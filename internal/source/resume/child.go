package resume

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
)

// A child process reads one document after the other: a byte for the format, eight
// for the length, the bytes; and answers each with eight bytes for the length and
// the document as JSON. It ends with its input.

// Limits of a child process.
const (
	childMemory = 512 << 20 // bytes, on top of what the program itself takes
	childCPU    = 10        // seconds of processor time for one document
	maxReply    = 32 << 20  // bytes of one answer
	maxRequest  = 256 << 20 // bytes of one document; framing has a lower limit
)

var formatBytes = map[string]byte{"docx": 'd', "pdf": 'p'}

// Serve is the child process: it opens the documents of in until there are no more.
// With confine the process first gives up what it does not need: memory, processor
// time, new files and connections.
func Serve(in io.Reader, out io.Writer, confine bool) error {
	if confine {
		debug.SetMemoryLimit(childMemory * 3 / 4)
		if err := confineProcess(); err != nil {
			return fmt.Errorf("set limits: %w", err)
		}
	}
	r := bufio.NewReaderSize(in, 1<<16)
	for {
		format, data, err := readRequest(r)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if confine {
			if err := allowCPU(); err != nil {
				return fmt.Errorf("set limits: %w", err)
			}
		}
		reply, err := json.Marshal(open(format, data))
		if err != nil {
			return err
		}
		if _, err := out.Write(append(binary.BigEndian.AppendUint64(nil, uint64(len(reply))), reply...)); err != nil {
			return err
		}
	}
}

func readRequest(r io.Reader) (format string, data []byte, err error) {
	var head [9]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return "", nil, err
	}
	size := binary.BigEndian.Uint64(head[1:])
	if size > maxRequest {
		return "", nil, errTooLarge
	}
	data = make([]byte, size)
	if _, err := io.ReadFull(r, data); err != nil {
		return "", nil, errors.Join(io.ErrUnexpectedEOF, err)
	}
	for f, b := range formatBytes {
		if b == head[0] {
			format = f
		}
	}
	return format, data, nil
}

// ask sends one document and reads the answer.
func ask(w io.Writer, r io.Reader, format string, data []byte) (opened, error) {
	head := binary.BigEndian.AppendUint64([]byte{formatBytes[format]}, uint64(len(data)))
	if _, err := w.Write(head); err != nil {
		return opened{}, err
	}
	if _, err := w.Write(data); err != nil {
		return opened{}, err
	}
	var size [8]byte
	if _, err := io.ReadFull(r, size[:]); err != nil {
		return opened{}, err
	}
	n := binary.BigEndian.Uint64(size[:])
	if n > maxReply {
		return opened{}, errTooLarge
	}
	reply := make([]byte, n)
	if _, err := io.ReadFull(r, reply); err != nil {
		return opened{}, err
	}
	var o opened
	if err := json.Unmarshal(reply, &o); err != nil {
		return opened{}, err
	}
	if o.Document == nil && o.Reason == "" {
		return opened{}, errors.New("an answer without a document")
	}
	return o, nil
}
