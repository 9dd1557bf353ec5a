package identityvictim

import (
	"testing"

	"muster/internal/detect/detecttest"
)

func TestDetector(t *testing.T) { detecttest.Run(t, Detector) }
