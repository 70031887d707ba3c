using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Polyphony.Storage.Accounts;
using Polyphony.Storage.Agendas;
using Polyphony.Storage.Draws;
using Polyphony.Storage.Jobs;
using Polyphony.Storage.Journal;
using Polyphony.Storage.Mandates;
using Polyphony.Storage.Participants;
using Polyphony.Storage.Pools;
using Polyphony.Storage.Publication;
using Polyphony.Storage.Rooms;
using Polyphony.Storage.Tables;

namespace Polyphony.Storage;

internal sealed class AccountsConfiguration : IEntityTypeConfiguration<StaffMember>, IEntityTypeConfiguration<RoleAssignment>, IEntityTypeConfiguration<StaffInvitation>
{
    public void Configure(EntityTypeBuilder<StaffMember> builder) => builder.Property(staff => staff.DisplayName).HasMaxLength(200);

    public void Configure(EntityTypeBuilder<RoleAssignment> builder)
    {
        builder.HasIndex(role => new { role.DialogueId, role.StaffId });
        builder.HasOne<StaffMember>().WithMany().HasForeignKey(role => role.StaffId);
        builder.HasOne<Dialogue>().WithMany().HasForeignKey(role => role.DialogueId);
    }

    public void Configure(EntityTypeBuilder<StaffInvitation> builder) => builder.HasIndex(invitation => invitation.CodeHash).IsUnique();
}

internal sealed class MandatesConfiguration : IEntityTypeConfiguration<Dialogue>, IEntityTypeConfiguration<Site>
{
    public void Configure(EntityTypeBuilder<Dialogue> builder)
    {
        builder.HasIndex(dialogue => dialogue.Slug).IsUnique();
        builder.Property(dialogue => dialogue.Version).IsConcurrencyToken();
        builder.HasMany(dialogue => dialogue.Sites).WithOne().HasForeignKey(site => site.DialogueId);
    }

    public void Configure(EntityTypeBuilder<Site> builder)
    {
        // What belongs to a site names the dialogue and the site together: the site of another dialogue cannot be meant.
        builder.HasAlternateKey(site => new { site.DialogueId, site.Id });
        builder.HasIndex(site => new { site.DialogueId, site.Code }).IsUnique();
        builder.Property(site => site.Country).HasMaxLength(2);
        builder.Property(site => site.Code).HasMaxLength(20);
        builder.Ignore(site => site.FirstTable);
    }
}

internal sealed class PoolsConfiguration : IEntityTypeConfiguration<Criterion>, IEntityTypeConfiguration<CriterionValue>, IEntityTypeConfiguration<PoolMember>, IEntityTypeConfiguration<Person>, IEntityTypeConfiguration<StagedUpload>
{
    public void Configure(EntityTypeBuilder<Criterion> builder)
    {
        builder.HasIndex(criterion => new { criterion.SiteId, criterion.Name }).IsUnique();
        builder.HasOne<Site>().WithMany().HasForeignKey(criterion => new { criterion.DialogueId, criterion.SiteId }).HasPrincipalKey(site => new { site.DialogueId, site.Id }).OnDelete(DeleteBehavior.Restrict);
        builder.HasMany(criterion => criterion.Values).WithOne().HasForeignKey(value => value.CriterionId);
        builder.HasOne<Dialogue>().WithMany().HasForeignKey(criterion => criterion.DialogueId);
    }

    public void Configure(EntityTypeBuilder<CriterionValue> builder) => builder.HasIndex(value => new { value.CriterionId, value.Name }).IsUnique();

    public void Configure(EntityTypeBuilder<PoolMember> builder)
    {
        builder.HasIndex(member => new { member.SiteId, member.ExternalId }).IsUnique();
        builder.HasOne<Site>().WithMany().HasForeignKey(member => new { member.DialogueId, member.SiteId }).HasPrincipalKey(site => new { site.DialogueId, site.Id }).OnDelete(DeleteBehavior.Restrict);
        builder.HasIndex(member => member.Ticket).IsUnique();
        builder.HasOne<Person>().WithMany().HasForeignKey(member => member.PersonId);
        builder.HasOne<Dialogue>().WithMany().HasForeignKey(member => member.DialogueId);
    }

    public void Configure(EntityTypeBuilder<Person> builder) => builder.HasIndex(person => person.DialogueId);

    public void Configure(EntityTypeBuilder<StagedUpload> builder) => builder.HasIndex(upload => upload.DialogueId);
}

internal sealed class DrawsConfiguration : IEntityTypeConfiguration<Lottery>, IEntityTypeConfiguration<AlternateList>
{
    public void Configure(EntityTypeBuilder<Lottery> builder)
    {
        builder.HasIndex(lottery => new { lottery.DialogueId, lottery.Attempt }).IsUnique();
        builder.HasOne<Site>().WithMany().HasForeignKey(lottery => new { lottery.DialogueId, lottery.SiteId }).HasPrincipalKey(site => new { site.DialogueId, site.Id }).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<Dialogue>().WithMany().HasForeignKey(lottery => lottery.DialogueId);
    }

    public void Configure(EntityTypeBuilder<AlternateList> builder)
    {
        builder.Property(list => list.Id).ValueGeneratedNever();
        builder.HasOne<Site>().WithMany().HasForeignKey(list => new { list.DialogueId, list.SiteId }).HasPrincipalKey(site => new { site.DialogueId, site.Id }).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<Dialogue>().WithMany().HasForeignKey(list => list.DialogueId);
    }
}

internal sealed class ParticipantsConfiguration : IEntityTypeConfiguration<Participant>, IEntityTypeConfiguration<Consent>
{
    public void Configure(EntityTypeBuilder<Participant> builder)
    {
        builder.HasIndex(participant => new { participant.DialogueId, participant.Number }).IsUnique();
        builder.HasIndex(participant => new { participant.DialogueId, participant.BadgeCode }).IsUnique();
        builder.HasIndex(participant => participant.PoolMemberId).IsUnique();
        builder.HasOne<Site>().WithMany().HasForeignKey(participant => new { participant.DialogueId, participant.SiteId }).HasPrincipalKey(site => new { site.DialogueId, site.Id }).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<Dialogue>().WithMany().HasForeignKey(participant => participant.DialogueId);
    }

    public void Configure(EntityTypeBuilder<Consent> builder) => builder.HasIndex(consent => consent.ParticipantId);
}

internal sealed class TablesConfiguration :
    IEntityTypeConfiguration<SeatingPlanVersion>, IEntityTypeConfiguration<Seat>, IEntityTypeConfiguration<SeatingDraft>, IEntityTypeConfiguration<SeatingStep>
{
    public void Configure(EntityTypeBuilder<SeatingPlanVersion> builder)
    {
        builder.HasIndex(plan => new { plan.SiteId, plan.Version }).IsUnique();
        builder.Ignore(plan => plan.TableNumbers);
        builder.HasOne<Site>().WithMany().HasForeignKey(plan => new { plan.DialogueId, plan.SiteId }).HasPrincipalKey(site => new { site.DialogueId, site.Id }).OnDelete(DeleteBehavior.Restrict);
        builder.HasMany(plan => plan.Seats).WithOne().HasForeignKey(seat => seat.PlanId);
        builder.HasOne<Dialogue>().WithMany().HasForeignKey(plan => plan.DialogueId);
    }

    public void Configure(EntityTypeBuilder<Seat> builder)
    {
        builder.HasKey(seat => new { seat.PlanId, seat.Round, seat.Table, seat.Number });
        builder.HasIndex(seat => new { seat.PlanId, seat.Round, seat.ParticipantId }).IsUnique();
    }

    public void Configure(EntityTypeBuilder<SeatingDraft> builder)
    {
        builder.HasKey(draft => draft.SiteId);
        builder.Property(draft => draft.SiteId).ValueGeneratedNever();

        // Two organisers at once: the second one's change is refused, and the page shown anew.
        builder.Property(draft => draft.Position).IsConcurrencyToken();
        builder.Property(draft => draft.BasedOn).IsConcurrencyToken();
        builder.HasOne<Site>().WithMany().HasForeignKey(draft => draft.SiteId);
    }

    public void Configure(EntityTypeBuilder<SeatingStep> builder)
    {
        builder.HasKey(step => new { step.SiteId, step.Number });
        builder.Property(step => step.Number).ValueGeneratedNever();
        builder.HasOne<Site>().WithMany().HasForeignKey(step => step.SiteId);
    }
}

internal sealed class AgendasConfiguration : IEntityTypeConfiguration<Session>, IEntityTypeConfiguration<SiteBallot>, IEntityTypeConfiguration<Question>, IEntityTypeConfiguration<Option>
{
    public void Configure(EntityTypeBuilder<Session> builder)
    {
        builder.HasIndex(session => session.DialogueId);
        builder.HasIndex(session => session.BeforeId).IsUnique();
        builder.Ignore(session => session.Pairing);
        builder.HasMany(session => session.Questions).WithOne().HasForeignKey(question => question.SessionId);
        builder.HasMany(session => session.Ballots).WithOne().HasForeignKey(ballot => ballot.SessionId);

        // A session read without its ballots would pass for one that nobody has opened.
        builder.Navigation(session => session.Ballots).AutoInclude();
        builder.Ignore(session => session.IsDraft);
        builder.HasOne<Dialogue>().WithMany().HasForeignKey(session => session.DialogueId);
    }

    public void Configure(EntityTypeBuilder<SiteBallot> builder)
    {
        builder.HasKey(ballot => new { ballot.SessionId, ballot.SiteId });
        builder.HasOne<Site>().WithMany().HasForeignKey(ballot => new { ballot.DialogueId, ballot.SiteId }).HasPrincipalKey(site => new { site.DialogueId, site.Id }).OnDelete(DeleteBehavior.Restrict);
    }

    public void Configure(EntityTypeBuilder<Question> builder) => builder.HasMany(question => question.Options).WithOne().HasForeignKey(option => option.QuestionId);

    public void Configure(EntityTypeBuilder<Option> builder) => builder.HasIndex(option => option.QuestionId);
}

internal sealed class RoomsConfiguration : IEntityTypeConfiguration<HelpRequest>
{
    public void Configure(EntityTypeBuilder<HelpRequest> builder)
    {
        builder.HasIndex(request => new { request.DialogueId, request.DoneAt });
        builder.HasOne<Dialogue>().WithMany().HasForeignKey(request => request.DialogueId);
    }
}

internal sealed class PublicationConfiguration : IEntityTypeConfiguration<Release>
{
    public void Configure(EntityTypeBuilder<Release> builder)
    {
        builder.HasIndex(release => new { release.DialogueId, release.Version }).IsUnique();
        builder.HasOne<Dialogue>().WithMany().HasForeignKey(release => release.DialogueId);
    }
}

internal sealed class JournalConfiguration : IEntityTypeConfiguration<JournalEntry>
{
    public void Configure(EntityTypeBuilder<JournalEntry> builder)
    {
        builder.Property(entry => entry.Id).ValueGeneratedNever();
        builder.HasIndex(entry => entry.DialogueId);
    }
}

internal sealed class JobsConfiguration : IEntityTypeConfiguration<Job>
{
    public void Configure(EntityTypeBuilder<Job> builder) => builder.HasIndex(job => new { job.State, job.CreatedAt });
}
