"""The folders that backups lie in, for who names one."""

from storage.backup_folder import OBJECTS, BackupFolder

__all__ = ["OBJECTS", "BackupFolder"]
