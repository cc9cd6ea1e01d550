package server

import (
	"sync"

	"bokvar/sync/merge"
)

// maxClocks bounds the memory of device clocks. A device that is forgotten says
// hello again at its next contact; until then the server's order decides.
const maxClocks = 1 << 16

// clocks remembers how far each device's clock is off, and when the device was
// last in contact. It is only used by the word "latest" and may be lost.
type clocks struct {
	mu      sync.Mutex
	devices map[string]deviceClock
}

type deviceClock struct {
	offset int64 // server's clock minus the device's, ms
	told   int64 // the device's clock at its hello; 0 before one
	heard  int64 // the server's clock at that hello
	before int64 // last contact before that hello
	last   int64 // last contact of all
}

func (c *clocks) hello(device string, told, now int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.devices) >= maxClocks {
		clear(c.devices)
	}
	d := c.devices[device]
	c.devices[device] = deviceClock{offset: now - told, told: told, heard: now, before: d.last, last: now}
}

func (c *clocks) contact(device string, now int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if d, ok := c.devices[device]; ok {
		d.last = now
		c.devices[device] = d
	}
}

// interval is when a change was made that the device dates at, arrived at now:
// its clock corrected, and not before the last contact that preceded the change
// nor after its arrival (rule M6). Without a known clock it is all of that time.
func (c *clocks) interval(device string, at, now int64) merge.Interval {
	c.mu.Lock()
	d := c.devices[device]
	c.mu.Unlock()
	if d.told == 0 {
		return merge.Interval{From: 0, To: now, At: clamp(at, 0, now)}
	}
	earliest := d.before
	if at >= d.told {
		earliest = d.heard
	}
	t := at + d.offset
	return merge.Interval{
		From: clamp(t-merge.Slack, earliest, now),
		To:   clamp(t+merge.Slack, earliest, now),
		At:   clamp(t, earliest, now),
	}
}

func clamp(t, low, high int64) int64 { return max(min(t, high), low) }
