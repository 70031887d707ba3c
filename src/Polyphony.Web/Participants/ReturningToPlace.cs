using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Storage;
using Polyphony.Storage.Participants;

namespace Polyphony.Web.Participants;

/// <summary>Whether somebody who was out may take the place back: only while it is free, not while a frozen draw fills it, and never beside somebody of the same household.</summary>
internal static class ReturningToPlace
{
    /// <summary>The place is somebody else's, or is being drawn for.</summary>
    public const string Replaced = "replaced";

    /// <summary>Somebody of the household holds a place.</summary>
    public const string Household = "household";

    /// <summary>Why somebody may not return; whoever saves the return asks while <see cref="HoldingThePanel">holding the panel</see>.</summary>
    /// <returns>Null when they may.</returns>
    public static async Task<string?> HinderedByAsync(Db db, Participant participant, CancellationToken cancellationToken)
    {
        if (await db.Participants.AnyAsync(other => other.Replaces == participant.Id, cancellationToken)
            || await db.Lotteries.AnyAsync(draw => draw.SiteId == participant.SiteId && draw.Kind == LotteryKind.Replacement && draw.State == LotteryState.Frozen, cancellationToken))
        {
            return Replaced;
        }

        string? home = await db.PoolMembers.Where(member => member.Id == participant.PoolMemberId).Select(member => member.HouseholdKey).SingleOrDefaultAsync(cancellationToken);
        return home is not null && await (
            from other in db.Participants
            where other.SiteId == participant.SiteId && other.Id != participant.Id && (other.Status == ParticipantStatus.Selected || other.Status == ParticipantStatus.Confirmed)
            join member in db.PoolMembers on other.PoolMemberId equals member.Id
            where member.HouseholdKey == home
            select other.Id).AnyAsync(cancellationToken) ? Household : null;
    }
}
