//go:build linux && !model

package wakefd_test

import (
	"errors"
	"fmt"
	"syscall"

	"github.com/litesync/litesync/lockfree/spsc"
	"github.com/litesync/litesync/lockfree/waker/wakefd"
)

// One epoll loop serves a socket and a channel.
func Example() {
	ours, theirs, err := socketPair()
	if err != nil {
		fmt.Println(err)
		return
	}
	defer syscall.Close(ours)
	orders, receiver := spsc.New[string](16)
	wake, err := wakefd.New()
	if err != nil {
		fmt.Println(err)
		return
	}
	defer wake.Close()

	// The exchange answers on the socket, once an order has come through.
	go func() {
		defer syscall.Close(theirs)
		var buf [64]byte
		n, _ := syscall.Read(theirs, buf[:])
		syscall.Write(theirs, append([]byte("filled: "), buf[:n]...))
	}()
	// A strategy sends its order through the channel.
	go func() {
		defer orders.Close()
		orders.Send("buy 100")
	}()

	epoll, err := syscall.EpollCreate1(syscall.EPOLL_CLOEXEC)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer syscall.Close(epoll)
	for _, fd := range []int{ours, wake.FD()} {
		event := syscall.EpollEvent{Events: syscall.EPOLLIN, Fd: int32(fd)}
		if err := syscall.EpollCtl(epoll, syscall.EPOLL_CTL_ADD, fd, &event); err != nil {
			fmt.Println(err)
			return
		}
	}

	// serve sends on what is in the channel, until there is nothing left and wake
	// is registered for more.
	serve := func() {
		for !errors.Is(receiver.Poll(wake), spsc.ErrEmpty) {
			order, err := receiver.TryRecv()
			if err != nil {
				return // No more orders.
			}
			syscall.Write(ours, []byte(order))
		}
	}
	serve() // To register.
	var events [8]syscall.EpollEvent
	for {
		n, err := syscall.EpollWait(epoll, events[:], -1)
		if err != nil && err != syscall.EINTR {
			fmt.Println(err)
			return
		}
		for _, event := range events[:max(n, 0)] {
			switch int(event.Fd) {
			case wake.FD():
				wake.Clear()
				serve()
			case ours:
				var buf [64]byte
				n, _ := syscall.Read(ours, buf[:])
				fmt.Println(string(buf[:n]))
				return
			}
		}
	}
	// Output: filled: buy 100
}

func socketPair() (ours, theirs int, err error) {
	pair, err := syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	return pair[0], pair[1], err
}
