package routertest

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"
	"github.com/go-chi/chi/v5"
	chimiddleware "github.com/go-chi/chi/v5/middleware"
	"github.com/gofiber/fiber/v3"
	"github.com/gofiber/fiber/v3/middleware/adaptor"
	echov4 "github.com/labstack/echo/v4"
	middlewarev4 "github.com/labstack/echo/v4/middleware"
	echov5 "github.com/labstack/echo/v5"
	middlewarev5 "github.com/labstack/echo/v5/middleware"
	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/userstore"
)

// breaks is a list that fails after its first page.
func breaks(w http.ResponseWriter, r *http.Request) {
	err := httphandler.WriteUsers(w, func(yield func(userstore.User, error) bool) {
		for range 200 {
			if !yield(userstore.ExampleUser(), nil) {
				return
			}
		}
		yield(userstore.User{}, errors.New("broken on purpose"))
	})
	httphandler.WriteError(w, r, err)
}

// What the client of a list that breaks off sees, behind the recovery middleware of each
// framework: never a complete document.
func TestBrokenList(t *testing.T) {
	gin.DefaultErrorWriter = io.Discard
	list := http.HandlerFunc(breaks)
	tests := []struct {
		name  string
		mount func() served
		want  string
	}{
		{"net/http", func() served { return onNetHTTP{list} }, "broken off"},
		{"chi v5", func() served {
			r := chi.NewRouter()
			r.Use(chimiddleware.Recoverer)
			r.Get("/users/x", breaks)
			return onNetHTTP{r}
		}, "broken off"},
		{"gin", func() served { // which makes nothing of http.ErrAbortHandler
			r := gin.New()
			r.Use(gin.Recovery())
			r.GET("/users/x", gin.WrapF(breaks))
			return onNetHTTP{r}
		}, "no JSON"},
		{"echo v4", func() served {
			e := echov4.New()
			e.Use(middlewarev4.Recover())
			e.GET("/users/x", echov4.WrapHandler(list))
			return onNetHTTP{e}
		}, "broken off"},
		{"echo v5", func() served {
			e := echov5.New()
			e.Use(middlewarev5.Recover())
			e.GET("/users/x", echov5.WrapHandler(list))
			return onNetHTTP{e}
		}, "broken off"},
		{"fiber v3", func() served { return mountFiber(list) }, "500"}, // which has written nothing yet
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := fetch(t, tt.mount().start(t)+"/users/x"); got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
		})
	}
}

func fetch(t *testing.T, url string) string {
	t.Helper()
	response, err := http.Get(url)
	if err != nil {
		return "broken off"
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	switch {
	case err != nil:
		return "broken off"
	case response.StatusCode != 200:
		return fmt.Sprint(response.StatusCode)
	case !json.Valid(body):
		return "no JSON"
	}
	return "complete"
}

// On fiber, a panic ends the process, unless there is the middleware recover: fasthttp
// recovers none. This test runs itself in a process of its own.
func TestFiberNeedsRecover(t *testing.T) {
	if os.Getenv("ROUTERTEST_PANIC") != "" {
		app := fiber.New()
		app.Get("/users/x", adaptor.HTTPHandler(http.HandlerFunc(breaks)))
		t.Log(fetch(t, onFiber{app}.start(t)+"/users/x"))
		return
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestFiberNeedsRecover$")
	cmd.Env = append(os.Environ(), "ROUTERTEST_PANIC=1")
	out, err := cmd.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "panic: net/http handler panicked") {
		t.Errorf("%v: %s", err, out)
	}
}
