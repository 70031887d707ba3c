namespace Polyphony.Web.Audiences;

internal static class AudiencesFeature
{
    public static void AddAudiences(this IServiceCollection services)
    {
        services.AddScoped<DialogueScope>();
        services.AddScoped<ICitizenLinks, NoLinksYet>();
    }

    private sealed class NoLinksYet : ICitizenLinks
    {
        public Task<Dialogues.ParticipantId?> FindAsync(string code, CancellationToken cancellationToken) => Task.FromResult<Dialogues.ParticipantId?>(null);

        public Task<string> IssueAsync(Dialogues.DialogueId dialogue, Dialogues.ParticipantId participant, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
