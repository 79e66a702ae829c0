package main

import (
	"bytes"
	"debug/elf"
	"encoding/xml"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"otklik/assets"
)

func read(t *testing.T, parts ...string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(parts...))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestVersionsAgree(t *testing.T) {
	for _, at := range []struct{ file, pattern string }{
		{"FyneApp.toml", `(?m)^Version = "([^"]+)"`},
		{"packaging/linux/ru.otklik.desk.metainfo.xml", `<release version="([^"]+)"`},
		{"assets/changes.ru.md", `(?m)^## (\S+)`},
	} {
		m := regexp.MustCompile(at.pattern).FindStringSubmatch(read(t, at.file))
		if m == nil || m[1] != assets.Version {
			t.Errorf("%s says %q, the program %s", at.file, m, assets.Version)
		}
	}
}

// TestHelpNamesEveryFlag, in both languages: the manual page is made out of it.
func TestHelpNamesEveryFlag(t *testing.T) {
	sources, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	flags := map[string]bool{}
	for _, path := range sources {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		for _, m := range regexp.MustCompile(`\bf\.(?:\w+Var|Func)\((?:&[\w.]+, )?"([a-z0-9-]+)"`).FindAllStringSubmatch(read(t, path), -1) {
			flags[m[1]] = true
		}
	}
	delete(flags, "exit-when-ready") // for the measuring of a cold start
	if !flags["data"] || !flags["passphrase-file"] {
		t.Fatalf("flags are no longer found in the sources: %v", flags)
	}
	for _, lang := range []string{"ru", "en"} {
		help := assets.Load(lang).T("cli.help")
		for name := range flags {
			if !regexp.MustCompile(`--` + name + `\b`).MatchString(help) {
				t.Errorf("the help in %s does not say --%s", lang, name)
			}
		}
		for name := range commands {
			if name != "help" && name != graphicsCommand && // which only the program asks of itself
				!strings.Contains(help, "\n  otklik "+name) {
				t.Errorf("the help in %s does not say otklik %s", lang, name)
			}
		}
	}
}

func TestDesktopFile(t *testing.T) {
	desktop := read(t, "packaging", "linux", "ru.otklik.desk.desktop")
	for _, line := range []string{"Exec=otklik", "Icon=ru.otklik.desk", "Type=Application", "Categories=Office;"} {
		if !slices.Contains(strings.Split(desktop, "\n"), line) {
			t.Errorf("the desktop file does not say %s", line)
		}
	}
	var component struct {
		ID       string `xml:"id"`
		Launches string `xml:"launchable"`
	}
	if err := xml.Unmarshal([]byte(read(t, "packaging", "linux", "ru.otklik.desk.metainfo.xml")), &component); err != nil {
		t.Fatal(err)
	}
	if component.ID != "ru.otklik.desk" || component.Launches != "ru.otklik.desk.desktop" {
		t.Errorf("AppStream data is of another program: %+v", component)
	}
}

// debianOf is the package of Debian that a library comes with.
var debianOf = map[string]string{
	"libEGL.so.1": "libegl1", "libGL.so.1": "libgl1", "libGLX.so.0": "libglx0",
	"libX11-xcb.so.1": "libx11-xcb1", "libX11.so.6": "libx11-6", "libXcursor.so.1": "libxcursor1",
	"libXext.so.6": "libxext6", "libXi.so.6": "libxi6", "libXinerama.so.1": "libxinerama1",
	"libXrandr.so.2": "libxrandr2", "libXrender.so.1": "libxrender1", "libXxf86vm.so.1": "libxxf86vm1",
	"libwayland-client.so.0": "libwayland-client0", "libwayland-cursor.so.0": "libwayland-cursor0",
	"libwayland-egl.so.1": "libwayland-egl1", "libxkbcommon.so.0": "libxkbcommon0",
}

// unneeded are libraries GLFW knows by name and a window of ours never asks for:
// other kinds of context, another decoration.
var unneeded = []string{
	"libGLES_CM.so.1", "libGLESv1_CM.so.1", "libGLESv2.so.2", "libOpenGL.so.0", "libOSMesa.so.6",
	"libOSMesa.so.8", "libvulkan.so.1", "libdecor-0.so.0",
}

// ofTheSystem are libraries every Linux with the right libc has.
var ofTheSystem = []string{"libc.so.6", "libm.so.6", "libpthread.so.0", "libdl.so.2", "librt.so.1", "libresolv.so.2"}

// TestPackagesNameEveryLibrary: those this very binary is linked with or opens by
// name while it runs, and no others.
func TestPackagesNameEveryLibrary(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("packages of Linux")
	}
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	needed := libraries(t, program)
	if len(needed) < 10 {
		t.Fatalf("libraries are no longer found in the program: %v", needed)
	}
	var p struct {
		Overrides map[string]struct {
			Depends []string `yaml:"depends"`
		} `yaml:"overrides"`
	}
	if err := yaml.Unmarshal([]byte(read(t, "packaging", "linux", "otklik.yaml")), &p); err != nil {
		t.Fatal(err)
	}
	var deb, rpm []string
	for _, soname := range needed {
		if debianOf[soname] == "" {
			t.Errorf("%s: no package of it is known; name it in packaging/linux/otklik.yaml", soname)
		}
		deb, rpm = append(deb, debianOf[soname]), append(rpm, soname+"()(64bit)")
	}
	for kind, want := range map[string][]string{"deb": deb, "rpm": rpm} {
		got := p.Overrides[kind].Depends
		if len(got) == 0 || !strings.HasPrefix(got[0], "libc") {
			t.Fatalf("%s does not begin with libc: %v", kind, got)
		}
		got = got[1:]
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s depends on\n%v, the program needs\n%v", kind, got, want)
		}
	}
	readme := read(t, "packaging", "linux", "README.txt")
	for _, name := range deb {
		if !regexp.MustCompile(`\b` + regexp.QuoteMeta(name) + `\b`).MatchString(readme) {
			t.Errorf("packaging/linux/README.txt does not name %s", name)
		}
	}
}

// libraries are those a program is linked with, and those whose names stand in its
// data as C's strings do, which is how GLFW opens the others.
func libraries(t *testing.T, program string) []string {
	t.Helper()
	f, err := elf.Open(program)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	found, err := f.ImportedLibraries()
	if err != nil {
		t.Fatal(err)
	}
	data, err := f.Section(".rodata").Data()
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`\x00(lib[\w-]+\.so\.\d+)\x00`).FindAllSubmatch(bytes.ReplaceAll(data, []byte{0}, []byte{0, 0}), -1) {
		found = append(found, string(m[1]))
	}
	slices.Sort(found)
	return slices.DeleteFunc(slices.Compact(found), func(l string) bool {
		return slices.Contains(unneeded, l) || slices.Contains(ofTheSystem, l)
	})
}
