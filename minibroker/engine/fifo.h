#pragma once
// A queue that costs three pointers while empty: ten thousand sessions have one each.

#include <cstddef>
#include <utility>
#include <vector>

namespace hiatus::broker {

template <class T> class Fifo
{
public:
    bool empty() const { return size() == 0; }
    std::size_t size() const { return m_items.size() - m_head; }
    T &front() { return m_items[m_head]; }
    T &back() { return m_items.back(); }
    auto begin() const { return m_items.begin() + static_cast<std::ptrdiff_t>(m_head); }
    auto end() const { return m_items.end(); }

    void pushBack(T item) { m_items.push_back(std::move(item)); }
    void pushFront(T item)
    {
        if (m_head > 0)
            m_items[--m_head] = std::move(item);
        else
            m_items.insert(m_items.begin(), std::move(item));
    }
    T takeFront()
    {
        T item = std::move(m_items[m_head++]);
        tidy();
        return item;
    }
    T takeBack()
    {
        T item = std::move(m_items.back());
        m_items.pop_back();
        tidy();
        return item;
    }
    /// Takes out every item that answers to the predicate, in order.
    template <class Predicate> std::vector<T> takeIf(Predicate predicate)
    {
        std::vector<T> taken, kept;
        for (std::size_t i = m_head; i < m_items.size(); ++i)
            (predicate(std::as_const(m_items[i])) ? taken : kept).push_back(std::move(m_items[i]));
        m_items = std::move(kept);
        m_head = 0;
        return taken;
    }
    void clear()
    {
        m_items = {};
        m_head = 0;
    }

private:
    /// Taken items are given back once they are half of what is held; the last one gives the memory back.
    void tidy()
    {
        if (empty())
            clear();
        else if (m_head > 32 && m_head * 2 > m_items.size()) {
            m_items.erase(m_items.begin(), m_items.begin() + static_cast<std::ptrdiff_t>(m_head));
            m_head = 0;
        }
    }

    std::vector<T> m_items;
    std::size_t m_head = 0;
};

} // namespace hiatus::broker
