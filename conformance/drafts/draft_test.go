package drafts

// A draft is the program in the folder of that name.
type draft struct {
	folder    string
	framework string
	command   []string // serves on the port PORT; it runs in the folder, as version does
	version   []string // prints the version of the framework, and fails where that is missing
}

var drafts = []draft{
	inJavaScript("express", "Express", "express"),
	inJavaScript("fastify", "Fastify", "fastify"),
	inJavaScript("fortune", "Fortune", "fortune"),
	inPython("flask", "Flask", "flask"),
	inPython("django", "Django REST framework", "djangorestframework"),
	{
		folder: "sinatra", framework: "Sinatra", command: []string{"/usr/bin/ruby", "-r./readlines.rb", "server.rb"},
		version: []string{"/usr/bin/ruby", "-e", "require 'puma'; require 'sinatra/version'; puts Sinatra::VERSION"},
	},
	{
		folder: "slim", framework: "Slim", command: inShell(`exec php -S "127.0.0.1:$PORT" index.php`),
		version: []string{"php", "-r", "require 'Slim/autoload.php'; echo Slim\\App::VERSION;"},
	},
	inGo("huma", "huma", "github.com/danielgtaylor/huma/v2"),
	inGo("hashicorp", "hashicorp/jsonapi", "github.com/hashicorp/jsonapi"),
}

func inJavaScript(folder, framework, pkg string) draft {
	return draft{
		folder: folder, framework: framework, command: []string{"node", "server.mjs"},
		version: []string{"node", "-p", "JSON.parse(fs.readFileSync('../node_modules/" + pkg + "/package.json')).version"},
	}
}

// inPython is of Debian's Python: another one does not see Debian's packages.
func inPython(folder, framework, pkg string) draft {
	return draft{
		folder: folder, framework: framework, command: []string{"/usr/bin/python3", "server.py"},
		version: []string{"/usr/bin/python3", "-c", "from importlib.metadata import version; print(version('" + pkg + "'))"},
	}
}

// inGo lets go run build the draft, which caches what it links: go build links it anew.
// encoding/json on the base of its second version, the default of Go 1.27, gives the draft
// other faults.
func inGo(folder, framework, module string) draft {
	return draft{
		folder: folder, framework: framework, command: inShell(`GOEXPERIMENT=nojsonv2 go run -exec cp . "$TMPDIR/draft" && exec "$TMPDIR/draft"`),
		version: []string{"go", "list", "-m", "-f", "{{.Version}}", module},
	}
}

func inShell(script string) []string { return []string{"/bin/sh", "-c", script} }
