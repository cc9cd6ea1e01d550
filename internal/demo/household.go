package demo

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
)

// household is one flat and who lives there.
type household struct {
	contract            string
	name, number        string
	coName, coNumber    string
	phone, coPhone      string
	email               string
	street, postcode    string
	apartment, floor    string
	doorCode            string
	language            string
	interpreter         string
	children, firstTime bool
	protected           bool
	livedDays           int   // since they moved in
	rent                int64 // kronor
}

const nadiasNumber = "199006022397"

// cast is the handful of people that the screens of the documentation show.
var cast = []household{
	{name: "Nadia Hassan", number: nadiasNumber, street: "Björkgatan 7", postcode: "999 10", apartment: "1201", floor: "2 tr", doorCode: "4713", language: "Arabiska", interpreter: "Ja", children: true, livedDays: 1460, rent: 7840},
	{name: "Love Lindberg", street: "Björkgatan 7", postcode: "999 10", apartment: "1402", floor: "4 tr", doorCode: "4713", firstTime: true, livedDays: 310, rent: 5210},
	{name: "Gunvor Wallin", street: "Källargränd 3", postcode: "999 10", apartment: "1001", floor: "nb", doorCode: "2905", firstTime: true, livedDays: 9100, rent: 6100},
	{name: "Tesfay Tekle", street: "Mossvägen 12", postcode: "999 12", apartment: "1102", floor: "1 tr", doorCode: "8841", language: "Tigrinska", livedDays: 40, rent: 6890},
	{name: "Mirja Korhonen", coName: "Ilkka Korhonen", street: "Mossvägen 20", postcode: "999 12", apartment: "1301", floor: "3 tr", doorCode: "6120", language: "Finska", children: true, livedDays: 2200, rent: 8420},
	{name: "Ulf Björk", street: "Rönnbärsgatan 5", postcode: "999 12", apartment: "1101", floor: "1 tr", doorCode: "3377", firstTime: true, livedDays: 3300, rent: 7840},
	{name: "Siv Lindgren", street: "Tallvägen 8", postcode: "999 14", apartment: "1201", floor: "2 tr", doorCode: "5092", livedDays: 7700, rent: 6215},
	{name: "Hodan Warsame", street: "Lingonstigen 1", postcode: "999 14", apartment: "1002", floor: "nb", doorCode: "1458", language: "Somaliska", interpreter: "Ja", children: true, livedDays: 900, rent: 8120},
	{name: "Viktor Åberg", street: "Mossvägen 2", postcode: "999 12", apartment: "1202", floor: "2 tr", doorCode: "7036", livedDays: 420, rent: 5990},
}

var castAges = []group{middle, young, old, middle, middle, middle, old, middle, young}

// maker makes households out of one stream of chance.
type maker struct {
	r     *rand.Rand
	pool  *pool
	codes map[string]string // by house
	flats map[string]int
	phone int
}

// makeHouseholds makes n households, the cast first.
func makeHouseholds(seed uint64, n int) []household {
	r := rand.New(rand.NewPCG(seed, 0x5106))
	m := &maker{r: r, pool: newPool(r), codes: map[string]string{}, flats: map[string]int{}}
	list := make([]household, 0, n)
	for i := range cast {
		h := cast[i]
		if h.number == "" {
			h.number = m.numberFor(castAges[i], h.name)
		}
		m.flats[h.street] = 5
		m.codes[h.street] = h.doorCode
		m.reach(&h)
		list = append(list, h)
	}
	for len(list) < n {
		list = append(list, m.household())
	}
	for i := range list {
		list[i].contract = fmt.Sprintf("%04d-%02d", 1000+(i*37)%389, 1+i%7)
	}
	return list
}

// numberFor takes a number whose sex fits the cast's first name.
func (m *maker) numberFor(g group, name string) string {
	first, _, _ := strings.Cut(name, " ")
	woman := first == "Gunvor" || first == "Mirja" || first == "Siv" || first == "Hodan"
	var aside []string
	number := m.pool.take(g)
	for isWoman(number) != woman {
		aside = append(aside, number)
		number = m.pool.take(g)
	}
	m.pool.free[g] = append(aside, m.pool.free[g]...)
	return number
}

func (m *maker) household() household {
	g := middle
	switch n := m.r.IntN(100); {
	case n < 19:
		g = young
	case n < 34:
		g = old
	}
	from := swedish
	if m.r.IntN(100) < 24 {
		from = others[m.r.IntN(len(others))]
	}
	h := household{number: m.pool.take(g), language: from.language, rent: 4200 + 5*int64(m.r.IntN(1300))}
	h.name = m.name(from, isWoman(h.number))
	m.place(&h)
	if g == middle && m.r.IntN(100) < 36 {
		h.children = true
	}
	if g != young && m.r.IntN(100) < 22 {
		_, last, _ := strings.Cut(h.name, " ")
		first, _, _ := strings.Cut(m.name(from, !isWoman(h.number)), " ")
		h.coName = first + " " + last
		if m.r.IntN(100) < 60 {
			h.coNumber = m.coNumber(g, isWoman(h.number))
		}
	}
	if h.language != "" && m.r.IntN(100) < 45 {
		h.interpreter = "Ja"
	}
	h.firstTime = m.r.IntN(100) < 24
	h.livedDays = 200 + m.r.IntN(6000)
	if m.r.IntN(100) < 9 {
		h.livedDays = 20 + m.r.IntN(120)
	}
	if g == young {
		h.livedDays = 30 + m.r.IntN(900)
	}
	m.reach(&h)
	return h
}

// coNumber takes a number of the other sex, or none when the next one does not fit.
func (m *maker) coNumber(g group, woman bool) string {
	number := m.pool.take(g)
	if number == "" || isWoman(number) != woman {
		return number
	}
	m.pool.free[g] = append([]string{number}, m.pool.free[g]...)
	return ""
}

func (m *maker) name(from origin, woman bool) string {
	first := from.men
	if woman {
		first = from.women
	}
	return first[m.r.IntN(len(first))] + " " + from.last[m.r.IntN(len(from.last))]
}

// place gives the household a flat of its own: two flats on each of five floors.
func (m *maker) place(h *household) {
	for {
		s := streets[m.r.IntN(len(streets))]
		house := fmt.Sprintf("%s %d", s.name, 1+m.r.IntN(s.houses))
		flat := m.flats[house]
		if flat >= 10 {
			continue
		}
		m.flats[house]++
		if m.codes[house] == "" {
			m.codes[house] = fmt.Sprintf("%04d", 1000+m.r.IntN(9000))
		}
		h.street, h.postcode, h.doorCode = house, s.postcode, m.codes[house]
		h.apartment, h.floor = fmt.Sprintf("1%d%02d", flat/2, 1+flat%2), "nb"
		if flat >= 2 {
			h.floor = fmt.Sprintf("%d tr", flat/2)
		}
		return
	}
}

// reach gives telephone numbers out of the ranges kept for fiction, and an address for mail.
func (m *maker) reach(h *household) {
	h.phone = m.mobile()
	if h.number < "1961" && m.r.IntN(2) == 0 {
		h.phone = fmt.Sprintf("08-465 004 %02d", m.r.IntN(90))
	}
	if h.coName != "" {
		h.coPhone = m.mobile()
	}
	if m.r.IntN(3) > 0 {
		h.email = plain(h.name) + "@example.com"
	}
}

func (m *maker) mobile() string {
	m.phone++
	return fmt.Sprintf("070-174 06 %02d", 5+m.phone%95)
}

// plain writes a name the way addresses for mail do.
func plain(name string) string {
	return strings.NewReplacer(" ", ".", "å", "a", "ä", "a", "ö", "o").Replace(strings.ToLower(name))
}

func (h *household) movedIn(month time.Time) string {
	return month.AddDate(0, 0, -h.livedDays).Format(time.DateOnly)
}
