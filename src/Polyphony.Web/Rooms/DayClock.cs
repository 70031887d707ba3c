using Polyphony.Dialogues;
using Polyphony.Storage.Agendas;

namespace Polyphony.Web.Rooms;

public enum SlotPlace
{
    Past,
    Now,
    Next,
    Later,
}

/// <summary>A session, how far its ballot has come at the site, and where it stands in the day.</summary>
public sealed record SessionSlot(Session Session, BallotState Ballot, SlotPlace Place)
{
    public DateTime Start => Session.Date.ToDateTime(Session.Start);

    public DateTime End => Start.AddMinutes(Session.Minutes);

    public bool HasBallot => Session.Questions.Count > 0;
}

/// <summary>The day on the clock of the site. What happened counts for more than the timetable: a day runs late.</summary>
public sealed record DayClock(DateTime Now, IReadOnlyList<SessionSlot> Slots)
{
    /// <summary>Places the sessions, which bring their questions.</summary>
    public static DayClock Of(IEnumerable<Session> sessions, SiteId site, TimeZoneInfo zone, DateTimeOffset now)
    {
        DateTime local = TimeZoneInfo.ConvertTime(now, zone).DateTime;
        Session[] ordered = [.. sessions.OrderBy(session => session.Date).ThenBy(session => session.Start).ThenBy(session => session.Position)];
        int reached = Array.FindLastIndex(ordered, session => session.BallotAt(site) != BallotState.Draft);
        bool busy = ordered.Any(session => session.BallotAt(site) == BallotState.Open);
        bool nextGiven = false;
        List<SessionSlot> slots = [];
        foreach ((int index, Session session) in ordered.Index())
        {
            SessionSlot slot = new(session, session.BallotAt(site), SlotPlace.Later);
            SlotPlace place;
            if (slot.Ballot == BallotState.Open)
            {
                place = SlotPlace.Now;
            }
            else if (index <= reached || (slot.End <= local && !slot.HasBallot))
            {
                place = SlotPlace.Past;
            }
            else if (slot.Start <= local && !busy)
            {
                place = SlotPlace.Now;
                busy = true;
            }
            else
            {
                place = nextGiven ? SlotPlace.Later : SlotPlace.Next;
                nextGiven = true;
            }

            slots.Add(slot with { Place = place });
        }

        return new(local, slots);
    }

    /// <summary>The round in which somebody who arrives now is to sit, from 1.</summary>
    public int CurrentRound(int rounds)
    {
        SessionSlot[] seated = [.. Slots.Where(slot => slot.Session.Round is not null)];
        int round = seated.FirstOrDefault(slot => slot.Place != SlotPlace.Past)?.Session.Round ?? (seated.Length == 0 ? 1 : rounds);
        return Math.Clamp(round, 1, Math.Max(1, rounds));
    }

    /// <summary>The first round that has not begun, from 1; null when all have.</summary>
    public int? NextRound(int rounds)
    {
        int begun = Slots.Where(slot => slot.Place is SlotPlace.Past or SlotPlace.Now).Max(slot => slot.Session.Round) ?? 0;
        return begun < rounds ? begun + 1 : null;
    }
}
