//go:build race

package chaos

// raceDetector says that the provider is built with the race detector, too.
const raceDetector = true
