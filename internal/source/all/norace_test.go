//go:build !race

package all

const raceDetector = false
