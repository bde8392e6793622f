// Package browsertest holds the test of the HTML report in a browser: headless
// Chromium, driven by playwright-core (testdata/report.mjs).
//
// The test installs playwright-core with npm by itself, into testdata, where the
// go command does not look; Chromium has to be there (Debian's package chromium).
// Where either is out of reach the test is skipped, unless the environment
// variable CI is true: then it fails. With SCREENSHOTS=DIR it leaves screenshots
// in that directory.
package browsertest
